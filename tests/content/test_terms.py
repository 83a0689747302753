import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.front import Definition
from apps.content.terms import Glossary
from tests.content.texts import body, html_of


def glossary(**forms):
    """Return a glossary from slugs and their forms, the term first; "_" in a slug is a hyphen."""
    return Glossary(
        {
            slug.replace("_", "-"): Definition(term=term, means="What it means.", also=also)
            for slug, (term, *also) in forms.items()
        }
    )


def marked(html, **forms):
    """Return the terms that are links, each with its slug."""
    found = re.findall(r'<a class="term" href="/glossary/#([^"]+)">([^<]*)</a>', glossary(**forms).mark(html))
    return dict(found) if len(dict(found)) == len(found) else found


CACHE = {"cache": ("cache", "caches"), "cache_aside": ("cache-aside",), "cache_key": ("cache key",)}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>A cache, a cache.</p>", {"cache": "cache"}),
        ("<p>Caches forget.</p>", {"cache": "Caches"}),
        ("<p>The cache\nkey of a cache</p>", {"cache-key": "cache\nkey", "cache": "cache"}),
        ("<p>Cache-aside.</p>", {"cache-aside": "Cache-aside"}),
        ("<p>cached, cache-control, non-cache, cache_size</p>", {}),
        ("<p>(cache)</p>", {"cache": "cache"}),
        ("<p>cache&nbsp;key</p>", {"cache-key": "cache&nbsp;key"}),
        ("<li>a <em>cache</em></li>", {"cache": "cache"}),
        ("<h2>A cache</h2><p>none</p>", {}),
        ('<p><a href="/cache">the <em>cache</em></a> and <code>cache</code></p>', {}),
        ("<pre><span>cache</span></pre><table><tr><th>cache</th><td>cache</td></tr></table>", {"cache": "cache"}),
        ("<p>A &amp; cache &lt;cache&gt;</p>", {"cache": "cache"}),
    ],
)
def test_the_first_occurrence_in_running_text_is_marked(html, expected):
    assert marked(html, **CACHE) == expected


def test_the_longest_form_wins_and_hides_the_shorter_one_in_it():
    assert glossary(**CACHE).mark("<p>A cache key, and a cache key, of a cache.</p>") == (
        '<p>A <a class="term" href="/glossary/#cache-key">cache key</a>, and a cache key,'
        ' of a <a class="term" href="/glossary/#cache">cache</a>.</p>'
    )


@pytest.mark.parametrize(
    ("text", "expected"), [("cap and CAP", {"cap": "CAP"}), ("a cap", {}), ("the L4", {"l4": "L4"})]
)
def test_a_name_is_found_only_as_it_is_written(text, expected):
    assert marked(f"<p>{text}</p>", cap=("CAP",), l4=("L4",)) == expected


def test_apostrophes_and_special_characters_are_found_as_they_are_set():
    forms = {"littles_law": ("Little's law",), "publish": ("pub/sub",), "qa": ("Q&A",), "csharp": ("C# code",)}
    html = "<p>Little’s law, pub/sub, Q&amp;A and C# code</p>"
    assert set(marked(html, **forms)) == {"littles-law", "publish", "qa", "csharp"}


def test_a_lesson_marks_its_running_text_but_neither_blocks_nor_quiz():
    words = glossary(cache=("cache",), hit=("hit ratio",), ada=("Ada",))
    blocks = "/// details | cache\ncache\n///\n\n/// claim\n    lab: sharding\n    figure: x\n    operator: <=\n"
    lesson = body(f"{blocks}    value: 1\n\nA hit ratio.\n///\n\n## A cache\n\nAda has a cache.", glossary=words)
    assert lesson.html.count('class="term"') == 2
    assert 'Ada</a> has a <a class="term" href="/glossary/#cache">cache</a>' in lesson.html


def test_formulas_and_numbers_with_units_stay_whole():
    words = glossary(ms=("ms",), h=("h",))
    html = html_of("With $h = 1$ it takes 10 ms.", glossary=words)
    assert "<math><mrow><mi>h</mi>" in html
    assert '10&nbsp;<a class="term" href="/glossary/#ms">ms</a>' in html


def test_the_key_changes_with_the_terms_of_a_text_and_with_nothing_else():
    text = "A cache and its hit ratio."
    plain = glossary(cache=("cache",))
    assert plain.key(text) == glossary(cache=("cache",), other=("other word",)).key(text)
    assert plain.key(text) != glossary(cache=("cache",), hit=("hit ratio",)).key(text)
    assert plain.key(text) != glossary(store=("cache",)).key(text)
    assert plain.key(text) != Glossary().key(text)


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<h2>", "</h2>", "<code>", "</code>", "cache", " ", "key", "-", "&amp;", "Caches."]
        )
    )
)
def test_marking_changes_no_word_and_marks_each_term_once(pieces):
    html = "".join(pieces)
    done = glossary(**CACHE).mark(html)
    links = re.findall(r'<a class="term" href="/glossary/#([^"]+)">', done)
    assert re.sub(r"</?a\b[^>]*>", "", done) == html
    assert len(links) == len(set(links))
