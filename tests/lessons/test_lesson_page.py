import brotli
import pytest
from django.db import connections

from apps.lessons.shelf import keeper
from tests.content.directory import ALONE, CACHING

URL = "/learn/blocks/caching/"


def test_a_lesson_is_read_with_its_place_in_the_track(two_lessons, grace):
    page = grace.get(URL).content.decode()
    assert "<h1>A cache is a bet</h1>" in page
    assert "Part 1 of 2 · 1 min read" in page
    assert 'aria-current="page">Caching</a>' in page
    assert '<a class="next" href="/learn/blocks/cdn/" rel="next">' in page
    assert '<a href="#where-the-copies-live">Where the copies live</a>' in page
    assert "<cite>On caches</cite>, Journal, 1999" in page
    assert '<time datetime="2026-11-20">20 November 2026</time>' in page


def test_a_lesson_is_the_same_document_for_everybody(two_lessons, grace):
    answer = grace.get(URL)
    assert answer.cookies == {}
    assert "csrf" not in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert grace.get(URL, headers={"Cookie": "sessionid=x; theme=dark"}).content == answer.content


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("", None),
        ("deflate", None),
    ],
)
def test_a_page_is_sent_compressed_as_the_browser_takes_it(two_lessons, grace, accepted, coding):
    answer = grace.get(URL, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == coding
    if coding == "br":
        assert b"<h1>A cache is a bet</h1>" in brotli.decompress(answer.content)


def test_a_browser_that_has_the_page_is_told_so(two_lessons, grace):
    first = grace.get(URL, headers={"Accept-Encoding": "br"})
    again = grace.get(URL, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = grace.get(URL, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_a_new_revision_is_a_new_document(two_lessons, grace):
    first = grace.get(URL)
    two_lessons.write(CACHING, ALONE.replace("Half of **nothing**", "All of it"))
    two_lessons.load()
    second = grace.get(URL)
    assert second.headers["ETag"] != first.headers["ETag"]
    assert b"All of it" in second.content


def test_a_warm_page_asks_the_database_nothing(two_lessons, grace, django_assert_num_queries):
    grace.get(URL)
    with django_assert_num_queries(0):
        assert grace.get(URL).status_code == 200


def test_readers_keep_reading_while_the_database_is_away(two_lessons, grace, monkeypatch):
    grace.get(URL)
    monkeypatch.setitem(connections.settings["default"], "HOST", "/nowhere")
    keeper.read_at = 0.0
    assert grace.get(URL).status_code == 200


def test_only_reading_is_possible(two_lessons, grace):
    assert grace.post(URL).status_code == 405
    assert grace.head(URL).status_code == 200


@pytest.mark.parametrize("url", ["/learn/blocks/cachin/", "/learn/other/caching/", "/learn/nowhere/caching/"])
def test_a_wrong_address_is_answered_with_the_lesson_that_may_be_meant(two_lessons, grace, url):
    answer = grace.get(url)
    assert answer.status_code == 404
    assert 'href="/learn/blocks/caching/"' in answer.content.decode()


@pytest.mark.parametrize("url", ["/learn/nowhere/", "/learn/blocks/zzz/"])
def test_an_address_like_no_lesson_is_a_plain_404(two_lessons, grace, url):
    answer = grace.get(url)
    assert answer.status_code == 404
    assert b"There is no lesson at this address" in answer.content
