"""How does a sequence look? An SVG without a colour, of the same shapes and lines as the other diagrams."""

from __future__ import annotations

from html import escape

from apps.designs.sequence import Sequence, Step
from apps.designs.sequence_layout import (
    LINE,
    NARROW,
    NOTE_PADDING,
    WIDE,
    Head,
    Placed,
    SequenceLayout,
    Sheet,
    lay_out,
)
from apps.designs.shapes import lid_of, shape

COLUMN = WIDE.width
_HEAD_LENGTH, _HEAD_HALF, _CROSS = 8.0, 4.0, 4.5


def draw_both(sequence: Sequence, *, title: str, key: str) -> tuple[str, float]:
    """Return the drawing for a column of text, before it the one for a phone if it needs one, and the wider width."""
    wide = lay_out(sequence, WIDE)
    svg = draw(sequence, wide, WIDE, title=title, key=key)
    if wide.width > NARROW.width:
        narrow = lay_out(sequence, NARROW)
        svg = draw(sequence, narrow, NARROW, title=title, key=f"{key}-narrow") + svg
    return svg, wide.width


def draw(sequence: Sequence, layout: SequenceLayout, sheet: Sheet, *, title: str, key: str) -> str:
    """Return the `<svg>` of a layout. `key` makes its ids unique."""
    kinds = "narrow design sequence" if sheet is NARROW else "design sequence"
    lives = "".join(
        f"M{head.x:.1f} {top:.1f}V{bottom:.1f}" for head in layout.heads.values() for top, bottom in head.pieces
    )
    heads = "".join(_head(sequence, name, head, sheet) for name, head in layout.heads.items())
    steps = "".join(_step(step, placed) for step, placed in zip(sequence.steps, layout.steps, strict=True))
    width, height = f"{layout.width:.0f}", f"{layout.height:.0f}"
    return (
        f'<svg class="{kinds}" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-labelledby="{escape(key)}-t {escape(key)}-d">'
        f'<title id="{escape(key)}-t">{escape(title)}</title>'
        f'<desc id="{escape(key)}-d">{escape(sequence.description)}</desc>'
        f'<path class="life" d="{lives}"/>{heads}{steps}</svg>'
    )


def _head(sequence: Sequence, name: str, head: Head, sheet: Sheet) -> str:
    kind, box = sequence.actors[name].type, head.box
    height = sheet.name_line * len(head.names)
    first = box.y + lid_of(kind) / 2 + (box.height - height) / 2 + sheet.name_size - 1
    texts = "".join(
        f'<text class="name" x="{box.x + sheet.padding:.1f}" y="{first + sheet.name_line * number:.1f}">'
        f"{escape(line)}</text>"
        for number, line in enumerate(head.names)
    )
    return f'<g class="node {kind}">{shape(kind, box)}{texts}</g>'


def _step(step: Step, placed: Placed) -> str:
    if step.over:
        return _note(placed)
    words = _words(placed, "label strong" if step.divider else "label")
    if step.divider:
        return _rule(placed) + words
    return (_lost(placed) if step.kind == "lost" else _arrow(placed, step.kind)) + words


def _words(placed: Placed, kind: str) -> str:
    """Return the lines of a label, centred in its box."""
    if placed.box is None:
        return ""
    x, y = placed.box.x + placed.box.width / 2, placed.box.y + LINE - 3.5
    return "".join(
        f'<text class="{kind}" x="{x:.1f}" y="{y + LINE * number:.1f}">{escape(line)}</text>'
        for number, line in enumerate(placed.words)
    )


def _note(placed: Placed) -> str:
    box = placed.box
    if box is None:
        return ""
    size = f'width="{box.width:.1f}" height="{box.height:.1f}"'
    rect = f'<rect class="aside" x="{box.x:.1f}" y="{box.y:.1f}" {size} rx="2"/>'
    x, y = box.x + NOTE_PADDING, box.y + NOTE_PADDING / 2 + LINE - 4
    texts = "".join(
        f'<text class="note" x="{x:.1f}" y="{y + LINE * number:.1f}">{escape(line)}</text>'
        for number, line in enumerate(placed.words)
    )
    return rect + texts


def _rule(placed: Placed) -> str:
    (left, y), (right, _) = placed.path
    box = placed.box
    middle = f"H{box.x - 6:.1f}M{box.x + box.width + 6:.1f} {y:.1f}" if box else ""
    return f'<path class="rule" d="M{left:.1f} {y:.1f}{middle}H{right:.1f}"/>'


def _arrow(placed: Placed, kind: str) -> str:
    """Return line and head: filled, or open for what nobody waits for."""
    (before, _), (x, y) = placed.path[-2:]
    back = -_HEAD_LENGTH if x > before else _HEAD_LENGTH
    end = x if kind == "async" else x + back
    points = [*placed.path[:-1], (end, y)]
    line = f'<path class="edge {kind}" d="M{"L".join(f"{px:.1f} {py:.1f}" for px, py in points)}"/>'
    if kind == "async":
        wings = f"M{x + back:.1f} {y - _HEAD_HALF:.1f}L{x:.1f} {y:.1f}L{x + back:.1f} {y + _HEAD_HALF:.1f}"
        return line + f'<path class="edge" d="{wings}"/>'
    return line + f'<path class="head" d="M{x:.1f} {y:.1f}l{back:.1f} {-_HEAD_HALF:.1f}v{2 * _HEAD_HALF:.1f}z"/>'


def _lost(placed: Placed) -> str:
    """Return a line that ends in a cross."""
    (start, y), (x, _) = placed.path
    cross = f"l{2 * _CROSS:.1f} {2 * _CROSS:.1f}m0 {-2 * _CROSS:.1f}l{-2 * _CROSS:.1f} {2 * _CROSS:.1f}"
    return (
        f'<path class="edge" d="M{start:.1f} {y:.1f}H{x:.1f}"/>'
        f'<path class="cross" d="M{x - _CROSS:.1f} {y - _CROSS:.1f}{cross}"/>'
    )
