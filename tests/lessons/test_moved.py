import pytest

from apps.lessons.actions import export_content
from apps.lessons.models import ContentFile
from tests.content.directory import ALONE, CACHING

MOVED = "# renamed in spring\nblocks/cache: blocks/caching\nold/first: blocks/cache\n"
OLD = "/learn/blocks/cache/"


@pytest.fixture
def moved(library):
    library.write("redirects.yaml", MOVED)
    library.load()
    return library


@pytest.mark.parametrize(
    ("path", "target"),
    [
        (OLD, "/learn/blocks/caching/"),
        (OLD + "?a=1&b=%2F", "/learn/blocks/caching/?a=1&b=%2F"),
        ("/learn/old/first/", "/learn/blocks/caching/"),
        (OLD + "quiz/", "/learn/blocks/caching/quiz/"),
        (OLD + "?next=//evil.example", "/learn/blocks/caching/?next=//evil.example"),
    ],
)
def test_an_old_address_leads_to_the_new_one_for_good(moved, grace, path, target):
    answer = grace.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (301, target)


def test_a_browser_may_remember_that_for_a_day(moved, grace):
    assert grace.get(OLD).headers["Cache-Control"] == "max-age=86400"


def test_an_address_that_never_was_stays_unknown(moved, grace):
    for path in ("/learn/blocks/cach/", "/learn/blocks/cach/quiz/", "/learn/old/"):
        assert grace.get(path).status_code == 404


def test_a_lesson_that_is_there_is_shown_and_not_left(moved, grace):
    moved.write("lessons/blocks/04-cache.md", ALONE.replace("short: Caching", "short: Again").partition("glossary:")[0])
    moved.load()
    assert grace.get("/learn/blocks/caching/").status_code == 200


def test_a_redirect_to_a_lesson_that_is_gone_is_not_followed(moved, grace):
    moved.remove(CACHING)
    moved.load()
    assert grace.get(OLD).status_code == 404


def test_redirects_are_exported_to_the_byte_and_forgotten_with_their_file(moved, tmp_path, grace):
    export_content(tmp_path / "out")
    assert (tmp_path / "out/redirects.yaml").read_text() == MOVED
    moved.remove("redirects.yaml")
    moved.load()
    assert not ContentFile.objects.filter(path="redirects.yaml").exists()
    assert grace.get(OLD).status_code == 404


@pytest.mark.parametrize("broken", ["- no\n", "{", b"\xff", "blocks/cache: //evil.example\n"])
def test_a_broken_file_is_told_and_the_last_good_one_stays(moved, grace, broken):
    moved.write("redirects.yaml", broken)
    assert [problem.file.endswith("redirects.yaml") for problem in moved.load().broken] == [True]
    assert grace.get(OLD).status_code == 301


def test_a_file_that_is_gone_is_noted_unless_it_moved(two_lessons):
    two_lessons.remove("lessons/blocks/03-cdn.md")
    two_lessons.remove(CACHING)
    two_lessons.write("lessons/blocks/05-caches.md", ALONE)
    two_lessons.write("redirects.yaml", "blocks/caching: blocks/caches\n")
    report = two_lessons.load()
    assert sorted(report.retired) == ["blocks/caching", "blocks/cdn"]
    assert [problem.message for problem in report.problems if "retired" in problem.message] == [
        "retired blocks/cdn; if it moved, add a redirect"
    ]
    assert report.broken == []
