"""Does one find one's way through the tracks, as through the contents of a book?"""

import re

import pytest

from apps.content.library import check
from tests.content.directory import ALONE, CACHING, CDN, TRACKS
from tests.content.lab import LABS

OTHER = CDN.replace("A cache near you", "An old truth").replace("short: CDN", "short: Truth")
NEEDS = "labs: [caching]\nprerequisites: [caching, other/truth]"
LAB = "\n/// lab | caching\n///\n"
PARTS = TRACKS.replace(
    "  summary: Parts.\n", "  summary: Parts.\n  parts:\n    - {title: Near, from: 1}\n    - {title: Far, from: 3}\n"
)


@pytest.fixture
def series(two_lessons):
    """Two tracks: caching and cdn, which needs caching; then one lesson more, which nothing follows."""
    two_lessons.write("tracks.yaml", PARTS)
    two_lessons.write("lessons/other/01-truth.md", OTHER)
    two_lessons.write("lessons/blocks/03-cdn.md", CDN.replace("labs: [caching]", NEEDS) + LAB)
    two_lessons.load()
    return two_lessons


def page(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def flat(html):
    """Return the words of a page with single blanks, tags gone."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def onward(html):
    """Return what the links at the end say and where they lead, by what they are."""
    nav = html.partition('<nav class="onward"')[2].partition("</nav>")[0]
    links = re.findall(r'href="([^"]+)"(?: rel="(prev|next)")?><small>([^<]+)</small>([^<]+)', nav)
    return {rel or "end": (href, said, title) for href, rel, said, title in links}


def test_the_contents_list_every_track_with_its_time_in_reading_order(series, grace):
    html = page(grace, "/learn/")
    assert html.index(">Caching</a>") < html.index(">CDN</a>") < html.index(">Truth</a>")
    assert "2 lessons · 2 min" in flat(html)
    assert "1 lesson · 1 min" in flat(html)
    assert "reading order" in html


def test_a_track_without_lessons_is_not_among_them_and_says_so_itself(two_lessons, grace):
    assert "Other" not in page(grace, "/learn/")
    assert "No lesson of this track is finished yet" in page(grace, "/learn/other/")


def test_a_track_lists_its_lessons_in_parts_with_what_each_needs_and_holds(series, grace):
    html = page(grace, "/learn/blocks/")
    assert re.findall(r"<h2>([^<]+)</h2>", html) == ["Near", "Far"]
    assert html.index("<h2>Far</h2>") < html.index("A cache near you")
    assert re.findall(r'<li value="(\d)">', html) == ["1", "2"]
    assert "1 min · lab · read first: Caching, Truth" in flat(html)
    assert '<a href="/learn/other/truth/">Truth</a>' in html
    assert "2 parts · 2 min of reading · 1 with a lab" in flat(html)
    assert "Start with part 1: Caching" in html


def test_a_lab_that_is_named_but_not_on_the_page_is_no_lab_of_the_lesson(series, grace):
    assert " · lab" not in flat(page(grace, "/learn/blocks/caching/")).partition("You keep")[0]
    assert "1 min read · lab" in flat(page(grace, "/learn/blocks/cdn/"))


def test_a_lesson_names_what_to_read_first(series, grace):
    assert "Read first: Caching, Truth" in flat(page(grace, "/learn/blocks/cdn/"))
    assert "Read first" not in page(grace, "/learn/blocks/caching/")


def test_the_way_leads_on_into_the_next_track_and_says_so(series, grace):
    assert onward(page(grace, "/learn/blocks/caching/")) == {"next": ("/learn/blocks/cdn/", "Next", "A cache near you")}
    assert onward(page(grace, "/learn/blocks/cdn/")) == {
        "prev": ("/learn/blocks/caching/", "Before", "A cache is a bet"),
        "next": ("/learn/other/truth/", "Next track: Other", "An old truth"),
    }
    assert onward(page(grace, "/learn/other/truth/")) == {
        "prev": ("/learn/blocks/cdn/", "The track before: Building blocks", "A cache near you"),
        "end": ("/learn/", "This was the last lesson", "All lessons"),
    }


def test_a_lesson_says_where_it_stands_to_people_and_machines(series, grace):
    html = page(grace, "/learn/blocks/cdn/")
    crumbs = html.partition('<nav class="crumbs"')[2].partition("</nav>")[0]
    assert re.findall(r'itemprop="name">([^<]+)<', crumbs) == ["Learn", "Building blocks", "CDN"]
    assert re.findall(r'itemprop="position" content="(\d)"', crumbs) == ["1", "2", "3"]
    parts = html.partition('<nav class="parts"')[2].partition("</nav>")[0]
    assert parts.count("aria-current") == 1
    assert 'href="/learn/blocks/cdn/" aria-current="page">CDN</a>' in parts


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("[{title: Near, from: 2}]", "begin at lesson 1 and go up"),
        ("[{title: Near, from: 1}, {title: Far, from: 1}]", "begin at lesson 1 and go up"),
        ("[{title: Near}]", "from"),
    ],
)
def test_parts_that_cannot_be_are_said(library, parts, said):
    library.write("tracks.yaml", TRACKS.replace("  summary: Parts.\n", f"  summary: Parts.\n  parts: {parts}\n"))
    assert any(said in str(problem) for problem in check(library.path, LABS))


@pytest.mark.parametrize("slug", ["book", "read"])
def test_a_slug_that_is_the_address_of_something_else_is_refused(library, slug):
    library.write(f"lessons/blocks/05-{slug}.md", ALONE)
    library.write("tracks.yaml", TRACKS + f"- {{slug: {slug}, title: T, summary: S}}\n")
    said = [problem.message for problem in check(library.path, LABS)]
    assert f'"{slug}" is the address of something else; give the track another slug' in said
    library.write("tracks.yaml", TRACKS)
    said = [problem.message for problem in check(library.path, LABS)]
    assert f'"{slug}" is the address of something else; choose another slug' in said


def test_the_number_of_a_page_is_its_place_and_not_that_of_its_file(series, grace):
    series.remove(CACHING)
    series.load()
    assert "Part" not in flat(page(grace, "/learn/blocks/cdn/")).partition("A cache near you")[0]
    assert "Start with part 1: CDN" in page(grace, "/learn/blocks/")
