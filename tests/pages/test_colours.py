"""Can every text be read? WCAG 2.2 asks for 4.5:1, and 3:1 for the bounds of controls, in both themes."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static/css/tokens.css"
COLOURS = dict(re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", CSS.read_text()))
GROUNDS = ["paper", "sheet", "wash"]
TEXTS = ["ink", "quiet", "accent", "measured", "simulated", "guess", "theory", "bad"]


def colour(name: str, theme: str) -> str:
    return COLOURS[name].split(", ")[theme == "dark"]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2, 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_ground(text, ground, theme):
    assert contrast(colour(text, theme), colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_bounds_of_controls_can_be_seen(ground, theme):
    assert contrast(colour("edge", theme), colour(ground, theme)) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_dark_button_can_be_read(theme):
    assert contrast(colour("paper", theme), colour("ink", theme)) >= 4.5
