import re
from html import unescape

import pytest

from tests.content.directory import ALONE, CACHING
from tests.lessons.conftest import library, two_lessons  # noqa: F401  # the same lessons


def said(page, name):
    """Return what a page's head says under a name, unescaped; None if it says nothing."""
    found = re.search(rf'<meta (?:property|name)="{re.escape(name)}" content="([^"]*)">', page)
    return unescape(found[1]) if found else None


def test_a_lesson_is_shared_as_an_article(two_lessons, grace):  # noqa: F811
    page = grace.get("/learn/blocks/caching/?utm_source=mail").content.decode()
    assert "<title>A cache is a bet · Tradeoff</title>" in page
    assert said(page, "og:title") == "A cache is a bet"
    assert said(page, "og:description") == said(page, "description") == "You keep a tenth in memory."
    assert said(page, "og:type") == "article"
    assert said(page, "og:url") == "http://localhost:8000/learn/blocks/caching/"
    assert (said(page, "article:published_time"), said(page, "article:modified_time")) == ("2026-11-20", "2026-11-20")
    assert said(page, "article:section") == "Building blocks"
    assert said(page, "twitter:card") == "summary"


def test_a_changed_lesson_keeps_the_day_it_came(two_lessons, grace):  # noqa: F811
    two_lessons.write(CACHING, ALONE.replace("updated: 2026-11-20", "updated: 2026-12-01"))
    two_lessons.load()
    page = grace.get("/learn/blocks/caching/").content.decode()
    assert (said(page, "article:published_time"), said(page, "article:modified_time")) == ("2026-11-20", "2026-12-01")


@pytest.mark.parametrize("path", ["/", "/about/", "/learn/", "/labs/", "/labs/caching/?preset=no-cache&guess=9"])
def test_every_other_page_is_shared_as_a_page(db, grace, path):
    page = grace.get(path).content.decode()
    assert said(page, "og:type") == "website"
    assert said(page, "og:title")
    assert said(page, "og:url") == "http://localhost:8000" + path.partition("?")[0]


@pytest.mark.parametrize("path", ["/learn/blocks/no-such/", "/nowhere/"])
def test_a_page_that_is_not_there_has_no_address(two_lessons, grace, path):  # noqa: F811
    page = grace.get(path).content.decode()
    assert said(page, "og:url") is None
    assert "canonical" not in page


def test_titles_with_signs_are_escaped_once(library, grace):  # noqa: F811
    library.write(CACHING, ALONE.replace("title: A cache is a bet", 'title: "R+W > N & \\"both\\" <b>"'))
    library.load()
    page = grace.get("/learn/blocks/caching/").content.decode()
    assert said(page, "og:title") == 'R+W > N & "both" <b>'
    assert "<title>R+W &gt; N &amp; &quot;both&quot; &lt;b&gt; · Tradeoff</title>" in page


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_address_is_that_of_the_settings(two_lessons, grace, host):  # noqa: F811
    page = grace.get("/learn/blocks/caching/", headers={"Host": host, "X-Forwarded-Host": "evil.example"})
    assert said(page.content.decode(), "og:url").startswith("http://localhost:8000/")
    assert b"evil" not in page.content
