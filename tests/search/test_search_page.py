import re

import pytest

from apps.search.index import Found
from apps.search.models import Kind
from apps.search.views import EXAMPLES

HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ 7|add:7 }}'


def page(client, line="", **parameters):
    return client.get("/search/", {"q": line, **parameters})


@pytest.mark.usefixtures("small", "broker")
class TestPage:
    def test_it_shows_pages_with_their_sections_and_where_they_stand(self, client):
        html = page(client, "stampede").content.decode()
        assert '<a href="/learn/blocks/caching/">A cache is a bet</a>' in html
        assert '<a href="/learn/blocks/caching/#the-stampede">The stampede</a>' in html
        assert "Lesson · Building blocks" in html
        assert "Every reader <mark>misses</mark>" in page(client, "misses").content.decode()

    def test_what_was_typed_stays_in_the_field(self, client):
        assert 'value="stampede"' in page(client, "  stampede ").content.decode()

    def test_a_slip_is_told_with_the_way_back(self, client):
        html = page(client, "stampdee").content.decode()
        assert "Showing results for “<b>stampede</b>”" in html
        way_back = re.search(r'href="([^"]+)">Search instead for “stampdee”', html)[1].replace("&amp;", "&")
        assert "Nothing here holds “stampdee”." in client.get(way_back).content.decode()

    def test_some_of_the_words_are_told(self, client):
        assert "No page holds all of these words" in page(client, "purge stampede").content.decode()

    def test_nothing_found_helps_on(self, client):
        html = page(client, "xyzzy plugh").content.decode()
        assert "Nothing here holds “xyzzy plugh”." in html
        assert 'href="/learn/"' in html

    def test_without_words_it_says_what_there_is(self, client):
        html = page(client).content.decode()
        assert "Lessons: 2 · Sections: 2 · Labs: 1 · Glossary: 1" in html
        assert all(f">{example}<" in html for example in EXAMPLES)

    def test_machines_do_not_list_it(self, client):
        answer = page(client, "stampede")
        assert answer["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex, follow">' in answer.content.decode()
        assert 'rel="canonical"' not in answer.content.decode()

    def test_it_writes_no_cookie_and_takes_nothing_but_reading(self, client):
        assert page(client, "stampede").cookies == {}
        assert client.post("/search/", {"q": "x"}).status_code == 405

    @pytest.mark.parametrize("part", ["", "palette"])
    def test_a_hostile_query_stays_text(self, client, part):
        html = page(client, HOSTILE, part=part).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;" in html

    @pytest.mark.parametrize(
        "raw", ["%00", "a%00b", "%ff%fe", "%ED%A0%80", "%E2%80%AEstampede", "%F0%9F%98%80", "%27%22%5C"]
    )
    @pytest.mark.parametrize("part", ["", "&part=palette"])
    def test_odd_bytes_do_no_harm(self, client, raw, part):
        answer = client.get(f"/search/?q={raw}{part}")
        assert answer.status_code == 200
        assert b"\x00" not in answer.content

    @pytest.mark.parametrize("part", ["", "palette"])
    def test_a_line_that_is_too_long_is_refused_in_words(self, client, part):
        answer = page(client, "x" * 201, part=part)
        assert answer.status_code == 422
        assert "A search holds at most 200 characters; this one has 201." in answer.content.decode()

    @pytest.mark.parametrize("part", ["", "palette"])
    def test_a_flood_is_refused_in_words(self, client, settings, part):
        settings.SEARCHES_A_MINUTE_PER_ADDRESS = 1
        assert page(client, "stampede").status_code == 200
        answer = page(client, "stampede", part=part)
        assert answer.status_code == 429
        assert 1 <= int(answer["Retry-After"]) <= 60
        assert f"Try again in {answer['Retry-After']} s." in answer.content.decode()
        assert "stampede" in answer.content.decode() or part

    def test_an_empty_search_is_not_counted(self, client, settings):
        settings.SEARCHES_A_MINUTE_PER_ADDRESS = 1
        assert [page(client).status_code for _ in range(3)] == [200, 200, 200]

    def test_the_palette_gets_options_by_kind_and_no_page(self, client):
        answer = page(client, "cache", part="palette")
        html = answer.content.decode()
        assert "<html" not in html
        labels = re.findall(r'id="palette-kind-\d">([^<]+)<', html)
        assert labels[:2] == ["Lessons", "Labs"]
        assert html.count('role="option"') == html.count('tabindex="-1"') >= 3
        assert "All results for “cache”" in html
        assert answer["Cache-Control"] == "private, max-age=60"

    def test_the_bar_leads_here_without_script(self, client):
        assert re.search(r'<a class="find" href="/search/"', client.get("/").content.decode())


def test_hostile_content_stays_text(client, index, broker):
    index([Found(Kind.LESSON, "/learn/x/y/", f"cache {HOSTILE}", HOSTILE, f"cache {HOSTILE}")])
    for part in ("", "palette"):
        html = page(client, "cache alert", part=part).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<mark>alert</mark>(1)&lt;/script&gt;" in html


def test_more_pages_than_fit_are_a_link_away(client, index, broker):
    index(*([Found(Kind.LESSON, f"/learn/x/{number}/", f"Cache {number}")] for number in range(14)))
    html = page(client, "cache").content.decode()
    assert html.count("<h2>") == 10
    more = re.search(r'<a class="button plain" href="([^"]+)">Show more', html)[1].replace("&amp;", "&")
    html = client.get(more).content.decode()
    assert html.count("<h2>") == 14
    assert "Show more" not in html
