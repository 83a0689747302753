"""Is a formula written so that browsers draw what the author meant?"""

import re

import pytest

from apps.content.maths import MathError, to_mathml


def drawn(latex):
    """Return what a reader sees of a formula: its signs in order, numbers in one piece."""
    return re.findall(r"<m[nio][^>]*>([^<]+)</m", to_mathml(latex, display=False))


@pytest.mark.parametrize(
    ("latex", "signs"),
    [
        (r"69{,}444 \times 3", ["69,444", "×", "3"]),
        (r"1{,}000{,}000.5", ["1,000,000.5"]),
        (r"\{1, 2, 300\}", ["{", "1", ",", "2", ",", "300", "}"]),
        (r"2{,}5", ["2", ",", "5"]),
    ],
)
def test_thousands_stand_together_and_lists_do_not(latex, signs):
    assert drawn(latex) == signs


@pytest.mark.parametrize(
    ("latex", "signs"), [(r"\sqrt{2}", ["√", "2"]), (r"3\sqrt{n+1}", ["3", "√", "(", "n", "+", "1", ")"])]
)
def test_a_root_has_its_sign_in_every_browser(latex, signs):
    assert drawn(latex) == signs


def test_what_is_no_formula_is_named():
    with pytest.raises(MathError, match="not valid LaTeX"):
        to_mathml(r"\frac", display=False)
