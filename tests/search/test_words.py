import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.search.query import LONGEST, MOST_WORDS, QueryTooLong, clean, query_of, words_of
from apps.search.words import fold, placed_words, tokens, typed_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("p99 C10K gRPC L4", ["p99", "c10k", "grpc", "l4"]),
        ("Retry-After", ["retry", "after"]),
        ("read/write", ["read", "write"]),
        ("N+1", ["n1"]),
        ("p99.9", ["p999"]),
        ("10,000", ["10000"]),
        ("C# and C++", ["csharp", "and", "cplusplus"]),
        (".NET", ["net"]),
        ("Che’s law, Little's law", ["che", "law", "little"]),
        ("idempotency_key", ["idempotency", "key"]),
        ("SELECT … FOR UPDATE", ["select", "for", "update"]),
        ("naïve Ünïcode ﬁle", ["naive", "unicode", "file"]),
        ("'; DROP TABLE -- \\ & | ! :* <->", ["drop", "table"]),
        ("", []),
    ],
)
def test_words_are_letters_and_digits(text, words):
    assert typed_words(text) == words


def test_a_compound_is_its_parts_and_the_whole_in_the_place_of_the_first():
    assert list(placed_words("a Retry-After b")) == [
        (0, "a", False),
        (1, "retryafter", True),
        (1, "retry", False),
        (2, "after", False),
        (3, "b", False),
    ]


@given(st.text())
def test_any_text_gives_words_that_mean_nothing_to_the_database(text):
    for token in tokens(text):
        assert all(part.isalnum() and part == fold(part) for part in token.parts)


@given(st.text(max_size=LONGEST))
def test_any_line_is_a_query_of_plain_lexemes(text):
    words = words_of(clean(text))
    assert len(words) == len(set(words)) <= MOST_WORDS
    asked = query_of(words, dict.fromkeys(words, "stem"), words[-1:]).asked(loosely=True)
    assert "\x00" not in asked
    assert asked.count("'") == 4 * len(words) + 2 * bool(words)


@given(st.text(max_size=LONGEST))
def test_a_cleaned_line_has_nothing_unseen_and_cleaning_again_changes_nothing(text):
    line = clean(text)
    assert line.isprintable()
    assert clean(line) == line


def test_a_line_that_is_too_long_is_refused_in_words():
    with pytest.raises(QueryTooLong, match=r"at most 200 characters; this one has 1,001"):
        clean("x" * 1001)
