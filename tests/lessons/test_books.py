"""Is the book of a track whole, right in itself, and in need of nothing else?"""

import base64
import hashlib
import io
import re
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from apps.lessons.books import read_book
from apps.lessons.epub import epub_of
from apps.lessons.offline import for_a_book
from apps.lessons.press import page_of
from apps.lessons.shelf import read_shelf
from tests.content.directory import ALONE, CACHING, CDN

XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
SITE = "https://tradeoff.example"
RICH = r"""
/// predict | caching
///

/// lab | caching
///

Read [on](lesson:blocks/cdn#where-the-copies-live), [elsewhere](lesson:other/truth), [there](https://example.org/a?b=1&c=2),
[below](#where-the-copies-live). A formula: $$ h = \frac{1}{2} $$

| a | b |
|---|---|
| 1 < 2 | `x & y` |

/// tabs
/// tab | Python
```python title="shop.py"
if 1 < 2: print("<&>")
```
///
/// tab | .NET
```csharp
if (1 < 2) {}
```
///
///

/// diagram | A read that misses
nodes:
  app: {type: app, label: The application of the shop}
  store: {type: cache, label: The store of the copies}
  base: {type: database, label: The database behind it}
edges:
  - {from: app, to: store, label: asks}
  - {from: store, to: base, label: misses}
description: A miss goes on to the database.
///
"""


class Page(HTMLParser):
    """The addresses, ids and elements of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.loads, self.attributes = set(), [], [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.add(tag)
        self.attributes |= set(values)
        self.ids += [values["id"]] if "id" in values else []
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag in ("link", "img", "script", "iframe", "source"):
            self.loads.append(values.get("href") or values.get("src"))


@pytest.fixture
def rich(two_lessons, settings):
    """Two tracks; the first lesson holds every block, the second is linked to."""
    settings.SITE_URL = SITE
    parts = ALONE.partition("\n## Where")
    two_lessons.write(CACHING, f"{parts[0]}\n{RICH}\n## Where{parts[2]}")
    two_lessons.write("lessons/blocks/03-cdn.md", CDN)
    two_lessons.write("lessons/other/01-truth.md", CDN.replace("A cache near you", "An old truth & more"))
    report = two_lessons.load()
    assert [str(problem) for problem in report.broken] == []
    return two_lessons


def book(track="blocks"):
    shelf = read_shelf()
    return read_book(shelf, shelf.row(track))


@pytest.fixture
def one_page(rich):
    return page_of(book())


@pytest.fixture
def epub(rich):
    with zipfile.ZipFile(io.BytesIO(epub_of(book()))) as archive:
        yield archive


def test_every_lesson_stands_in_the_page_in_order_with_sources_and_folded_answers(one_page):
    order = [one_page.index(text) for text in ("<h1>Building blocks", "A cache is a bet</h2>", "A cache near you</h2>")]
    assert order == sorted(order)
    assert one_page.count("<cite>On caches</cite>") == 2
    assert one_page.count("<summary>Answer and reasons</summary>") == 12
    assert "as of 20 November 2026" in one_page


def test_the_page_asks_for_nothing_and_runs_nothing(one_page):
    found = Page(one_page)
    assert not found.tags & {"script", "form", "input", "button", "iframe", "img", "bet-form"}
    assert found.loads == ["data:,"]
    assert not {name for name in found.attributes if name.startswith(("hx-", "on"))}
    style = re.search(r"<style>(.*?)</style>", one_page, re.DOTALL)[1]
    assert "@import" not in style
    assert set(re.findall(r"url\(\"?([a-z]+:)?", style)) == {"data:"}


def test_every_link_of_the_page_leads_somewhere(one_page):
    found = Page(one_page)
    assert len(found.ids) == len(set(found.ids))
    inside = [link[1:] for link in found.links if link.startswith("#")]
    assert set(inside) <= set(found.ids)
    assert {"cdn--where-the-copies-live", "caching--where-the-copies-live"} <= set(inside)
    outside = {link for link in found.links if not link.startswith("#")}
    assert f"{SITE}/learn/other/truth/" in outside
    assert f"{SITE}/labs/caching/?preset=small#lab-caching" in outside
    assert "https://example.org/a?b=1&c=2" in outside
    assert all(link.startswith("https://") for link in outside)


def test_what_describes_a_diagram_is_found_under_its_new_name(one_page):
    named = set(re.findall(r'aria-labelledby="([^"]+)"', one_page))
    assert named
    assert {name for names in named for name in names.split()} <= set(Page(one_page).ids)


def test_what_many_chapters_have_is_no_landmark_of_the_book(one_page):
    assert 'class="quiz"' in one_page
    assert 'role="region"' not in one_page
    assert len(re.findall(r'<section [^>]*role="group"', one_page)) == 3  # two quizzes and a lab


def test_code_of_all_tabs_is_shown_under_its_name(one_page):
    assert re.findall(r'<p class="tab">([^<]+)</p>', one_page) == ["Python", ".NET"]
    assert "tabbed-labels" not in one_page.partition("</style>")[2]


def test_words_are_explained_in_the_book_as_far_as_it_knows_them(rich):
    found = Page(page_of(book()))
    assert "term--hit-ratio" in found.ids
    html = '<p><a class="term" href="/glossary/#hit-ratio">x</a><a href="/glossary/#other">y</a></p>'
    places = {"#hit-ratio": "#term--hit-ratio"}
    assert re.findall(r'href="([^"]+)"', for_a_book(html, "a", place=places.get)) == [
        "#term--hit-ratio",
        f"{SITE}/glossary/#other",
    ]


def test_the_served_page_is_allowed_its_own_style_alone(rich, grace):
    answer = grace.get("/learn/blocks/book/")
    style = re.search(r"<style>(.*?)</style>", answer.content.decode(), re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer["Content-Security-Policy"]
    assert f"style-src 'self' 'sha256-{digest}'" in policy
    assert "unsafe-inline" not in policy
    assert "data:" not in re.search(r"font-src[^;]*", grace.get("/learn/blocks/")["Content-Security-Policy"])[0]


def test_a_book_is_made_once_for_a_shelf(rich, grace, django_assert_num_queries):
    first = [grace.get(url).content for url in ("/learn/blocks/book/", "/learn/blocks/book.epub")]
    with django_assert_num_queries(0):
        assert [grace.get(url).content for url in ("/learn/blocks/book/", "/learn/blocks/book.epub")] == first
    rich.write(CACHING, ALONE + "\nAnd more.\n")
    rich.load()
    assert b"And more." in grace.get("/learn/blocks/book/").content


def test_the_epub_is_sent_as_one(rich, grace):
    answer = grace.get("/learn/blocks/book.epub", headers={"Accept-Encoding": "br"})
    assert answer["Content-Type"] == "application/epub+zip"
    assert answer["Content-Disposition"] == 'attachment; filename="tradeoff-blocks.epub"'
    assert "Content-Encoding" not in answer
    assert answer.content == epub_of(book())


@pytest.mark.parametrize("url", ["/learn/nowhere/book/", "/learn/nowhere/book.epub"])
def test_there_is_no_book_of_no_track(rich, grace, url):
    assert grace.get(url).status_code == 404


def test_there_is_no_book_of_a_track_without_lessons(two_lessons, grace):
    assert grace.get("/learn/other/book/").status_code == 404


def test_an_epub_begins_with_its_kind_and_names_its_package(epub):
    first = epub.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert epub.read("mimetype") == b"application/epub+zip"
    container = ElementTree.fromstring(epub.read("META-INF/container.xml"))
    assert next(container.iter()).find(".//{*}rootfile").get("full-path") == "book/package.opf"


def test_the_package_lists_every_file_and_what_it_needs(epub):
    package = ElementTree.fromstring(epub.read("book/package.opf"))
    items = {item.get("href"): item for item in package.iter(f"{OPF}item")}
    inside = {name.removeprefix("book/") for name in epub.namelist() if name.startswith("book/")}
    assert set(items) == inside - {"package.opf"}
    spine = [ref.get("idref") for ref in package.iter(f"{OPF}itemref")]
    by_id = {item.get("id"): name for name, item in items.items()}
    assert [by_id[name] for name in spine][:3] == ["title.xhtml", "01-caching.xhtml", "02-cdn.xhtml"]
    assert items["01-caching.xhtml"].get("properties") == "mathml svg"
    assert items["nav.xhtml"].get("properties") == "nav"
    said = {element.tag.rpartition("}")[2]: element.text for element in package.iter()}
    assert (said["title"], said["language"]) == ("Building blocks", "en-GB")
    assert [m.text for m in package.iter(f"{OPF}meta") if m.get("property") == "dcterms:modified"] == [
        "2026-11-20T00:00:00Z"
    ]


def test_every_document_of_the_epub_is_xml_and_its_links_lead_somewhere(epub):
    trees = {
        name.removeprefix("book/"): ElementTree.fromstring(epub.read(name))
        for name in epub.namelist()
        if name.endswith(".xhtml")
    }
    ids = {name: [e.get("id") for e in tree.iter() if e.get("id")] for name, tree in trees.items()}
    for name, tree in trees.items():
        assert len(ids[name]) == len(set(ids[name]))
        for link in tree.iter(f"{XHTML}a"):
            href = link.get("href")
            if not href.startswith("https://"):
                file, _, place = href.partition("#")
                assert (file or name) in trees
                assert not place or place in ids[file or name], f"{name}: {href}"
    chapter = trees["01-caching.xhtml"]
    assert chapter.find(".//{http://www.w3.org/1998/Math/MathML}math") is not None
    assert len(list(chapter.iter("{http://www.w3.org/2000/svg}svg"))) == 1  # of two drawings the one that runs down
    assert chapter.find(".//{http://www.w3.org/2000/svg}svg").get("viewBox")
    assert not {e.tag for e in chapter.iter() if "-" in e.tag.rpartition("}")[2]}


def test_the_same_book_is_the_same_bytes(rich):
    assert epub_of(book()) == epub_of(book())


def test_the_command_writes_a_page_and_an_epub_for_each_track(rich, tmp_path, capsys):
    call_command("content", "book", str(tmp_path / "out"))
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["blocks.epub", "blocks.html", "other.epub", "other.html"]
    assert "An old truth &amp; more" in (tmp_path / "out" / "other.html").read_text()
    call_command("content", "book", str(tmp_path / "one"), track="other")
    assert len(list((tmp_path / "one").iterdir())) == 2


def test_the_command_names_the_tracks_there_are(rich, tmp_path):
    with pytest.raises(CommandError, match="There is no book of “bloks”. Tracks with lessons: blocks, other."):
        call_command("content", "book", str(tmp_path / "out"), track="bloks")


def test_a_track_page_leads_to_its_book(rich, grace):
    html = grace.get("/learn/blocks/").content.decode()
    assert 'href="/learn/blocks/book/"' in html
    assert 'href="/learn/blocks/book.epub"' in html
