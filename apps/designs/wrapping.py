"""Where does a text on a drawing break into lines? Between words, so that the longest line is as short as can be."""

from __future__ import annotations

from itertools import combinations

from apps.designs.metrics import text_width


def widest(lines: list[str], size: float) -> float:
    """Return the width of the longest line in pixels; 0 without lines."""
    return max((text_width(line, size) for line in lines), default=0.0)


def in_lines(text: str, size: float, room: float, most: int) -> list[str]:
    """Return the text in as few lines as fit into `room` pixels, or in `most` lines if nothing fits."""
    words = text.split()
    lines: list[str] = [text] if words else []
    for count in range(1, min(most, len(words)) + 1):
        lines = balanced(words, size, count)
        if widest(lines, size) <= room:
            break
    return lines


def balanced(words: list[str], size: float, count: int) -> list[str]:
    """Return the words in `count` lines of nearly the same width."""
    splits = (
        [" ".join(words[start:end]) for start, end in zip((0, *cuts), (*cuts, len(words)), strict=True)]
        for cuts in combinations(range(1, len(words)), count - 1)
    )
    return min(splits, key=lambda lines: widest(lines, size))
