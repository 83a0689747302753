"""How does Markdown become HTML?"""

import pytest

from apps.content.prose import Converter, Pieces


def html_of(text):
    return Converter(Pieces(), lambda name: None).html(text, lambda latex, display: latex)


@pytest.mark.parametrize("text", ["98 % of the reads", "10 ms.", "up to 4.6\n% here", "**2 s** later", "[64 KiB](#a)"])
def test_a_number_stays_with_its_unit(text):
    assert "&nbsp;" in html_of(text)


@pytest.mark.parametrize("text", ["3 steps", "5 min/day", "version 2 state", "`10 ms`", "    10 ms in code"])
def test_other_blanks_stay_as_they_are(text):
    assert "&nbsp;" not in html_of(text)


def test_a_text_leaves_nothing_behind_for_the_next_one():
    converter = Converter(Pieces(), lambda name: None)
    first = "[here][a] and *half of\n\n[a]: https://example.org\n\n```python\nx = 1\n```\n\n- one"
    assert "example.org" in converter.html(first, lambda latex, display: latex)
    alone = Converter(Pieces(), lambda name: None)
    for text in ("[here][a]", "two* and `code`", "```python\ny = 2\n```", '"quoted" and 10 ms', "# head\n\n1. one"):
        assert converter.html(text, lambda latex, display: latex) == alone.html(text, lambda latex, display: latex)
