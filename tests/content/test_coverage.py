import pytest

from apps.content.coverage import says
from apps.content.sections import whole_sections
from tests.content.directory import ContentDirectory

HEAD = "sources:\n  - title: On caches\n    author: Ada\n    year: 1999\n    items:\n"
ITEM = "      - {item: Copies, kind: concept, at: blocks/caching#where-the-copies-live, says: [text, lesson]}\n"


@pytest.fixture
def library(tmp_path):
    return ContentDirectory(tmp_path)


def test_what_is_said_under_its_heading_is_covered(library):
    library.write("coverage.yaml", HEAD + ITEM)
    assert library.said() == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("#where-the-copies-live", "", '"Copies" names no heading of blocks/caching'),
        ("#where-the-copies-live", "#where-copies-live", 'no heading "#where-copies-live"; did you mean "where-the-co'),
        ("blocks/caching#", "blocks/cachin#", 'there is no lesson "blocks/cachin"; did you mean "blocks/caching"?'),
        ("[text, lesson]", "[text, Flamingo]", 'caching#where-the-copies-live does not say Flamingo for "Copies"'),
        ("[text, lesson]", "[]", '"sources 1 items 1 says" needs at least 1'),
        ("kind: concept", "kind: konzept", 'cannot be "konzept"; did you mean "concept"?'),
        (", kind: concept", "", '"sources 1 items 1 kind" is missing'),
    ],
)
def test_a_hole_is_told_with_its_line(library, old, new, expected):
    library.write("coverage.yaml", HEAD + ITEM.replace(old, new))
    (said,) = library.said()
    assert said.startswith("coverage.yaml:6: ")
    assert expected in said


def test_an_item_stands_in_a_source_once(library):
    library.write("coverage.yaml", HEAD + ITEM + ITEM)
    assert library.said() == ['coverage.yaml:7: "Copies" stands here twice']


@pytest.mark.parametrize(("text", "line"), [("sources: [", 1), (b"\xff", 1), ("[]", 1), ("", 1)])
def test_a_file_that_cannot_be_read_is_a_problem(library, text, line):
    library.write("coverage.yaml", text)
    (said,) = library.said()
    assert said.startswith(f"coverage.yaml:{line}: ")


def test_a_section_holds_the_headings_below_it_and_ends_before_the_next_of_its_level():
    html = (
        '<p>before</p><h2 id="a">A <a href="#a">#</a></h2><p>one</p><h3 id="b">B</h3><p>two</p><h2 id="c">C</h2>three'
    )
    texts = whole_sections(html)
    assert (says(texts["a"], "one"), says(texts["a"], "two"), says(texts["a"], "three")) == (True, True, False)
    assert (says(texts["b"], "two"), says(texts["b"], "one")) == (True, False)


@pytest.mark.parametrize(
    ("word", "there"),
    [
        ("cache", True),
        ("CACH", True),
        ("ache", False),
        ("90 %", True),
        ("write-back", True),
        ("absent|cache", True),
        ("absent|gone", False),
        ("don't", True),
        ("<b>", False),
    ],
)
def test_a_word_is_found_by_its_beginning_whatever_its_hyphens_and_blanks(word, there):
    html = '<h2 id="a">A</h2><p>Caches <b>write\u2011back</b>: 90\u00a0% don\u2019t</p>'
    assert says(whole_sections(html)["a"], word) is there
