import pytest

from apps.content.redirects import follow
from tests.content.directory import ContentDirectory


@pytest.fixture
def library(tmp_path):
    return ContentDirectory(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "blocks/cache: blocks/caching\n", "a/b: blocks/cache\nblocks/cache: blocks/caching\n"]
)
def test_a_name_that_leads_to_a_lesson_is_right(library, text):
    library.write("redirects.yaml", text)
    assert library.said() == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("blocks/cache: blocks/cachin", 'there is no lesson "blocks/cachin"; did you mean "blocks/caching"?'),
        ("blocks/caching: blocks/caching", 'there is a lesson "blocks/caching", so nobody would be sent on'),
        ("blocks/a: blocks/a", '"blocks/a" leads in a circle'),
        ("blocks/../a: blocks/caching", '"blocks/../a: blocks/caching" is no redirect; write old-track/old-slug'),
        ("//evil.example: blocks/caching", "is no redirect"),
        ("blocks/a: https://evil.example/", "is no redirect"),
        ("blocks/a: [blocks/caching]", "is no redirect"),
        ("blocks/a: blocks/caching\nblocks/a: blocks/b", '"blocks/a" stands here twice'),
        ("- blocks/a", "this should be a list of"),
        ("{", "this is not valid YAML"),
        (b"\xff", "this file cannot be read"),
    ],
)
def test_a_redirect_that_goes_wrong_is_told(library, text, expected):
    library.write("redirects.yaml", text)
    (said,) = library.said()
    assert said.startswith("redirects.yaml:")
    assert expected in said


def test_a_circle_is_told_at_each_of_its_lines_and_never_followed_for_ever(library):
    library.write("redirects.yaml", "b/a: b/b\nb/b: b/c\nb/c: b/b\n")
    assert [line.split(": ")[0] for line in library.said()] == [f"redirects.yaml:{line}" for line in (1, 2, 3)]


def test_following_ends_where_nothing_moved_on():
    moves = {"a/a": "a/b", "a/b": "a/c", "x/x": "x/x"}
    assert [follow(moves, name) for name in ("a/a", "a/b", "a/c", "x/x")] == ["a/c", "a/c", None, None]
