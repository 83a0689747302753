"""Where does a text on a drawing break into lines? Between words, so that the longest line is as short as can be."""

from __future__ import annotations

import re
from itertools import combinations

from apps.designs.metrics import text_width

_UNIT = re.compile(r"(?<=\d) (?=(?:%|[A-Za-zµ]{1,3})(?:\s|$))")
_TIED = "\u00a0"  # stands for a blank at which no line ends


def widest(lines: list[str], size: float) -> float:
    """Return the width of the longest line in pixels; 0 without lines."""
    return max((text_width(line, size) for line in lines), default=0.0)


def in_lines(text: str, size: float, room: float, most: int) -> list[str]:
    """Return the text in as few lines as fit into `room` pixels; if `most` lines do not, in as few as are as narrow."""
    words = unbroken(text)
    tries = [balanced(words, size, count) for count in range(1, min(most, len(words)) + 1)]
    narrowest = min((widest(lines, size) for lines in tries), default=0.0)
    return next((lines for lines in tries if widest(lines, size) <= max(room, narrowest)), [])


def unbroken(text: str) -> list[str]:
    """Return the pieces of a text between which a line may end: a number keeps its unit, a dot what is before it."""
    tied = _UNIT.sub(_TIED, " ".join(text.split())).replace(" ·", f"{_TIED}·")
    return [piece.replace(_TIED, " ") for piece in tied.split(" ") if piece]


def balanced(words: list[str], size: float, count: int) -> list[str]:
    """Return the words in `count` lines of nearly the same width."""
    splits = (
        [" ".join(words[start:end]) for start, end in zip((0, *cuts), (*cuts, len(words)), strict=True)]
        for cuts in combinations(range(1, len(words)), count - 1)
    )
    return min(splits, key=lambda lines: widest(lines, size))
