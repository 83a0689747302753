"""How does Markdown become HTML?"""

import pytest

from apps.content.prose import Pieces, to_html


def html_of(text):
    return to_html(text, Pieces(), make_math=lambda latex, display: latex, link_to=lambda name: None)


@pytest.mark.parametrize("text", ["98 % of the reads", "10 ms.", "up to 4.6\n% here", "**2 s** later", "[64 KiB](#a)"])
def test_a_number_stays_with_its_unit(text):
    assert "&nbsp;" in html_of(text)


@pytest.mark.parametrize("text", ["3 steps", "5 min/day", "version 2 state", "`10 ms`", "    10 ms in code"])
def test_other_blanks_stay_as_they_are(text):
    assert "&nbsp;" not in html_of(text)
