import json

import pytest

from apps.lessons.models import Revision
from apps.lessons.shelf import keeper
from tests.content.directory import ALONE, CACHING, CDN

GLOSSARY = """\
glossary:
  ttl: {term: TTL, means: How long a <copy> may be used., also: [time to live]}
  edge: {term: 3 edges, means: A word that is no concept.}
"""
WITH_WORDS = CDN.replace("[hit-ratio]", "[hit-ratio, ttl]").replace("sources:", GLOSSARY + "sources:", 1)
WITH_WORDS = WITH_WORDS.replace("Text with", "The TTL decides the hit ratio. Text with")


@pytest.fixture
def words(library):
    library.write("lessons/blocks/03-cdn.md", WITH_WORDS)
    library.load()
    return library


def page(learner, url):
    answer = learner.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_glossary_lists_every_word_under_its_letter_with_the_lesson_that_defines_it(words, grace):
    html = page(grace, "/glossary/")
    assert html.index('id="letter-0–9"') < html.index('id="letter-H"') < html.index('id="letter-T"')
    assert '<div id="ttl"> <dt>TTL</dt> <dd>How long a &lt;copy&gt; may be used. <small>Also: time to live.' in html
    assert '<a href="/learn/blocks/caching/">Lesson: Caching</a><a href="/concepts/hit-ratio/">' in html
    assert 'href="/concepts/edge/"' not in html  # a word that no lesson has among its concepts


def test_definitions_can_be_had_as_data(words, grace):
    answer = grace.get("/glossary/terms.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.content)["ttl"] == ["TTL", "How long a <copy> may be used."]


def test_a_lesson_leads_to_its_words_and_concepts(words, grace):
    html = page(grace, "/learn/blocks/cdn/")
    assert '<a class="term" href="/glossary/#ttl">TTL</a>' in html
    assert '<a class="term" href="/glossary/#hit-ratio">hit ratio</a>' in html
    assert 'Concepts: <a href="/concepts/hit-ratio/">hit ratio</a>, <a href="/concepts/ttl/">TTL</a>' in html
    assert "js/elements/term-tip" in html


def test_a_concept_gathers_its_lessons_where_they_treat_it_and_the_questions_on_it(words, grace):
    html = page(grace, "/concepts/hit-ratio/")
    assert '<h1>Hit ratio</h1> <p class="lede">The share of reads that the cache answers.</p>' in html
    assert html.index('href="/learn/blocks/caching/"') < html.index('href="/learn/blocks/cdn/"')  # its owner first
    assert '<a href="/learn/blocks/cdn/#where-the-copies-live">Where the copies live</a>' in html
    assert '<a href="/learn/blocks/caching/#where-the-copies-live">' not in html  # the word is not in that text
    assert '<a href="/learn/blocks/cdn/quiz/">6 questions</a> of its quiz test this concept.' in html
    assert 'In CDN: <a href="/concepts/ttl/">TTL</a>' in html
    assert '<h2 id="labs">' not in html


def test_a_concept_names_the_labs_of_its_lessons(library, grace):
    library.write(CACHING, ALONE.replace("## Where", "/// lab | caching\n///\n\n## Where"))
    library.load()
    assert '<li><a href="/labs/caching/">What a cache saves</a></li>' in page(grace, "/concepts/hit-ratio/")


def test_all_concepts_stand_under_their_lessons(words, grace):
    html = page(grace, "/concepts/")
    assert '<dt><a href="/learn/blocks/cdn/">CDN</a></dt> <dd><a href="/concepts/hit-ratio/">hit ratio</a>' in html
    assert "Other" not in html  # a track without lessons


@pytest.mark.parametrize("url", ["/concepts/hit-ration/", "/concepts/time-to-live/", "/concepts/hit-rat/"])
def test_an_unknown_concept_is_a_404_with_the_nearest_names(words, grace, url):
    answer = grace.get(url)
    assert answer.status_code == 404
    assert 'href="/concepts/' in answer.content.decode().partition("Did you mean")[2].partition("All concepts")[0]


@pytest.mark.parametrize("url", ["/concepts/edge/", "/concepts/zzz/"])
def test_what_is_no_concept_is_a_404(words, grace, url):
    assert grace.get(url).status_code == 404


@pytest.mark.parametrize("url", ["/glossary/", "/glossary/terms.json", "/concepts/", "/concepts/ttl/"])
def test_word_pages_are_one_document_for_everybody_and_ask_the_database_nothing_when_warm(
    words, grace, url, django_assert_num_queries
):
    first = grace.get(url, headers={"Accept-Encoding": "br"})
    assert first.cookies == {}
    with django_assert_num_queries(0):
        again = grace.get(url, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert grace.post(url).status_code == 405


def test_a_changed_definition_is_shown_at_once_and_a_new_word_is_marked_in_the_lessons_that_use_it(words, grace):
    grace.get("/glossary/")
    words.write("lessons/blocks/03-cdn.md", WITH_WORDS.replace("How long a <copy>", "Until when a copy"))
    assert words.load().stored == ["blocks/cdn"]
    assert "Until when a copy" in page(grace, "/glossary/")
    assert "Until when a copy" in page(grace, "/concepts/ttl/")
    words.write("lessons/blocks/03-cdn.md", WITH_WORDS.replace("3 edges", "nothing"))
    assert words.load().stored == ["blocks/caching", "blocks/cdn"]  # "Half of nothing is nothing", says the first
    assert '<a class="term" href="/glossary/#edge">nothing</a>' in page(grace, "/learn/blocks/caching/")
    assert words.load().stored == []


def test_a_lesson_stored_before_there_were_glossaries_still_has_its_concepts(words, grace):
    for revision in Revision.objects.all():
        del revision.front["glossary"]
        revision.save()
    keeper.forget()
    assert "<h1>Ttl</h1>" in page(grace, "/concepts/ttl/")
    assert "No lesson defines a word yet" in page(grace, "/glossary/")
