import pytest

from apps.content.readability import sentences
from tests.content.directory import ALONE, CACHING, ContentDirectory

LONG = " ".join(["word"] * 30) + "."


@pytest.fixture
def library(tmp_path):
    return ContentDirectory(tmp_path)


def lengths(text):
    return [words for _, words, _ in sentences(text, 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One two. Three four five! Six?", [2, 3, 1]),
        ("It takes 0.3 ms. That is 90 % of 1,000.", [4, 5]),
        ("Say `a b c` and $x + y$. See [the way out](lesson:a/b). End.", [4, 4, 1]),
        ("*Bold claim.* **Next one.** \u201cQuoted words.\u201d After.", [2, 2, 2, 1]),
        ("- one two\n- three four five\n\n1. six", [2, 3, 1]),
        ("a line\ngoes on. And on.", [4, 2]),
        ("Many, e.g. Redis, do it. Some do not.", [5, 3]),
        ("# Not this one\n\n| nor | this |\n|---|---|\n\n```python\nnor = this\n```\n", []),
        ("/// quiz\nid: not-this\nquestion: No?\n///\n\nBut this.", [2]),
        ("", []),
    ],
)
def test_sentences_of_running_text_are_counted_in_words(text, expected):
    assert lengths(text) == expected


def test_a_sentence_is_named_by_the_line_its_paragraph_begins_on():
    assert [(line, words) for line, words, _ in sentences("\nOne.\n\nTwo\nthree. Four.", 10)] == [
        (11, 1),
        (13, 2),
        (13, 1),
    ]


def test_long_sentences_are_a_problem_when_they_are_the_half(library):
    library.write(CACHING, ALONE + "\n\n" + "\n\n".join([LONG] * 12) + "\n")
    (said,) = library.said()
    assert "half of the sentences have 30 words or more; at most 20" in said


def test_one_very_long_sentence_is_a_note_and_no_problem(library):
    library.write(CACHING, ALONE + "\n\n" + " ".join(["word"] * 46) + ".\n")
    (said,) = library.said()
    assert "a sentence of 46 words" in said
