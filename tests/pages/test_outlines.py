import re
from xml.etree import ElementTree

import pytest
from django.urls import resolve

from apps.experiments.registry import experiments
from tests.lessons.conftest import library, two_lessons  # noqa: F401  # the same lessons

SITE = "http://localhost:8000"


def addresses(client, **headers):
    answer = client.get("/sitemap.xml", headers=headers)
    root = ElementTree.fromstring(answer.content)  # noqa: S314
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    return {url.findtext("s:loc", namespaces=space): url.findtext("s:lastmod", namespaces=space) for url in root}


def test_the_map_has_every_lasting_page(two_lessons, grace):  # noqa: F811
    found = addresses(grace)
    assert found[f"{SITE}/learn/blocks/caching/"] == found[f"{SITE}/learn/blocks/"] == "2026-11-20"
    assert {f"{SITE}/labs/{slug}/" for slug in experiments()} <= set(found)
    assert {f"{SITE}{path}" for path in ("/", "/about/", "/learn/", "/labs/", "/glossary/", "/concepts/")} <= set(found)
    assert f"{SITE}/concepts/hit-ratio/" in found
    assert f"{SITE}/learn/other/" not in found  # a track without lessons


def test_each_of_them_is_there_and_calls_itself_so(two_lessons, grace):  # noqa: F811
    for address in addresses(grace):
        page = grace.get(address.removeprefix(SITE) + "?utm_source=x")
        assert page.status_code == 200, address
        assert f'<link rel="canonical" href="{address}">' in page.content.decode()


def test_without_lessons_it_is_a_map_still(db, grace):
    assert f"{SITE}/" in addresses(grace)


@pytest.mark.parametrize("sent", [{"Host": "127.0.0.1"}, {"X-Forwarded-Host": "evil.example"}])
def test_no_request_changes_the_host(two_lessons, grace, sent):  # noqa: F811
    assert all(address.startswith(f"{SITE}/") for address in addresses(grace, **sent))


def test_a_robot_that_has_the_map_is_told_so(two_lessons, grace):  # noqa: F811
    first = grace.get("/sitemap.xml")
    assert first.headers["Content-Type"] == "application/xml"
    assert grace.get("/sitemap.xml", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    two_lessons.remove("lessons/blocks/03-cdn.md")
    two_lessons.load()
    assert grace.get("/sitemap.xml", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_robots_are_led_to_the_map_and_away_from_what_visitors_do(grace):
    answer = grace.get("/robots.txt")
    said = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "max-age=3600" in answer.headers["Cache-Control"]
    assert f"Sitemap: {SITE}/sitemap.xml" in said
    kept_out = re.findall(r"^Disallow: (\S+)$", said, re.MULTILINE)
    assert {"/runs/", "/attempts/", "/search/"} <= set(kept_out)
    assert not any("/learn/building-blocks/".startswith(path) or "/labs/caching/".startswith(path) for path in kept_out)


def test_the_map_holds_nothing_that_robots_are_kept_from(two_lessons, grace):  # noqa: F811
    kept_out = re.findall(r"^Disallow: ([^*\s]+)$", grace.get("/robots.txt").content.decode(), re.MULTILINE)
    for address in addresses(grace):
        path = address.removeprefix(SITE)
        assert resolve(path)
        assert not path.startswith(tuple(kept_out))
