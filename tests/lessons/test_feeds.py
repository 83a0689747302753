from xml.etree import ElementTree

import brotli
import pytest

from tests.content.directory import ALONE, CACHING, CDN

ATOM = {"a": "http://www.w3.org/2005/Atom"}
PATHS = ["/feed.atom", "/feed.rss"]


def entries(client):
    return ElementTree.fromstring(client.get("/feed.atom").content).findall("a:entry", ATOM)  # noqa: S314


def said(entry, name):
    return entry.findtext(f"a:{name}", namespaces=ATOM)


def test_atom_has_each_lesson_with_its_address_and_its_days(two_lessons, grace):
    first = entries(grace)[0]
    assert said(first, "title") == "A cache is a bet"
    assert said(first, "summary") == "You keep a tenth in memory."
    assert first.find("a:link", ATOM).get("href") == "http://localhost:8000/learn/blocks/caching/"
    assert said(first, "updated") == said(first, "published") == "2026-11-20T00:00:00+00:00"


def test_a_changed_lesson_comes_first_as_the_same_entry(two_lessons, grace):
    ids = {said(entry, "title"): said(entry, "id") for entry in entries(grace)}
    two_lessons.write("lessons/blocks/03-cdn.md", CDN.replace("updated: 2026-11-20", "updated: 2026-11-29"))
    two_lessons.load()
    first = entries(grace)[0]
    assert said(first, "id") == ids[said(first, "title")] != ids["A cache is a bet"]
    assert (said(first, "published"), said(first, "updated")) == (
        "2026-11-20T00:00:00+00:00",
        "2026-11-29T00:00:00+00:00",
    )


def test_a_lesson_that_is_gone_is_not_told_of(two_lessons, grace):
    two_lessons.remove("lessons/blocks/03-cdn.md")
    two_lessons.load()
    assert len(entries(grace)) == 1


def test_rss_has_the_same_lessons_under_the_same_ids(two_lessons, grace):
    items = ElementTree.fromstring(grace.get("/feed.rss").content).findall("channel/item")  # noqa: S314
    assert [item.findtext("guid") for item in items] == [said(entry, "id") for entry in entries(grace)]
    assert {item.find("guid").get("isPermaLink") for item in items} == {"false"}


@pytest.mark.parametrize("path", PATHS)
def test_a_feed_without_lessons_is_a_feed(db, grace, path):
    answer = grace.get(path)
    assert answer.status_code == 200
    ElementTree.fromstring(answer.content)  # noqa: S314


@pytest.mark.parametrize(("path", "kind"), [("/feed.atom", "atom"), ("/feed.rss", "rss")])
def test_a_feed_is_sent_as_what_it_is_compressed_and_not_twice(two_lessons, grace, path, kind):
    first = grace.get(path, headers={"Accept-Encoding": "br"})
    assert first.headers["Content-Type"] == f"application/{kind}+xml; charset=utf-8"
    assert b"A cache is a bet" in brotli.decompress(first.content)
    assert first.cookies == {}
    again = grace.get(path, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    two_lessons.write(CACHING, ALONE.replace("A cache is a bet", "A cache is another bet"))
    two_lessons.load()
    changed = grace.get(path, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("sent", [{"Host": "127.0.0.1"}, {"Host": "localhost", "X-Forwarded-Host": "evil.example"}])
def test_addresses_come_from_the_settings_whatever_the_request_says(two_lessons, grace, path, sent):
    answer = grace.get(path, headers=sent)
    assert b"http://localhost:8000/learn/blocks/caching/" in answer.content
    assert b"evil" not in answer.content
    assert b"127.0.0.1" not in answer.content


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_host_and_a_post_are_refused(two_lessons, grace, path):
    assert grace.get(path, headers={"Host": "evil.example"}).status_code == 400
    assert grace.post(path).status_code == 405


def test_what_an_author_writes_cannot_break_a_feed(library, grace):
    library.write(CACHING, ALONE.replace("title: A cache is a bet", 'title: "1 < 2 & ]]> </title> \\"q\\""'))
    library.load()
    assert said(entries(grace)[0], "title") == '1 < 2 & ]]> </title> "q"'


@pytest.mark.parametrize("path", ["/learn/", "/learn/blocks/caching/"])
def test_a_page_names_the_feeds(two_lessons, grace, path):
    page = grace.get(path).content.decode()
    for kind in ("atom", "rss"):
        assert f'<link rel="alternate" type="application/{kind}+xml"' in page
        assert f'href="/feed.{kind}"' in page
