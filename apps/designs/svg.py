"""How does a diagram look? An SVG without a colour: classes say what a thing is, the style sheet the rest."""

from __future__ import annotations

from html import escape

from apps.designs.geometry import Box, Layout, Route
from apps.designs.labels import LABEL_SIZE
from apps.designs.layout import NAME_SIZE, NOTE_LINE, PADDING, lay_out, note_lines
from apps.designs.schema import Diagram, Direction, Node
from apps.designs.shapes import lid_of, shape

HEAD_LENGTH, HEAD_HALF = 8.0, 4.0


def draw(diagram: Diagram, *, title: str, key: str, direction: Direction | None = None) -> tuple[str, float]:
    """Return the `<svg>` and its width in pixels. `key` makes its ids unique; `direction` overrides."""
    turned = diagram if direction is None else diagram.model_copy(update={"direction": direction})
    layout = lay_out(turned)
    arrows = "".join(
        _arrow(route, turned.direction, edge.kind) for route, edge in zip(layout.routes, turned.edges, strict=True)
    )
    boxes = "".join(_box(node, layout.boxes[name]) for name, node in turned.nodes.items())
    width, height = f"{layout.width:.0f}", f"{layout.height:.0f}"
    svg = (
        f'<svg class="design {turned.direction}" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-labelledby="{escape(key)}-t {escape(key)}-d">'
        f'<title id="{escape(key)}-t">{escape(title)}</title>'
        f'<desc id="{escape(key)}-d">{escape(turned.description)}</desc>'
        f"{arrows}{boxes}{_labels(turned, layout)}</svg>"
    )
    return svg, layout.width


def in_words(diagram: Diagram) -> list[str]:
    """Return one sentence per arrow, and one per box that no arrow touches: the whole diagram for the ear."""
    names = {key: node.label + (f" ({node.note})" if node.note else "") for key, node in diagram.nodes.items()}
    verbs = {"sync": "to", "async": "later to", "return": "back to"}
    said: set[str] = set()
    sentences = []
    for edge in diagram.edges:
        ends = []
        for key in (edge.source, edge.target):
            ends.append(diagram.nodes[key].label if key in said else names[key])
            said.add(key)
        sentences.append(f"{ends[0]} {verbs[edge.kind]} {ends[1]}" + (f": {edge.label}" if edge.label else ""))
    return sentences + [names[key] for key in diagram.nodes if key not in said]


def _box(node: Node, box: Box) -> str:
    lines = note_lines(node)
    text_height = NAME_SIZE + NOTE_LINE * len(lines)
    baseline = box.y + lid_of(node.type) / 2 + (box.height - text_height) / 2 + NAME_SIZE - 2
    texts = f'<text class="name" x="{box.x + PADDING:.1f}" y="{baseline:.1f}">{escape(node.label)}</text>'
    for number, line in enumerate(lines, start=1):
        y = baseline + NOTE_LINE * number + 1
        texts += f'<text class="note" x="{box.x + PADDING:.1f}" y="{y:.1f}">{escape(line)}</text>'
    return f'<g class="node {node.type}">{shape(node.type, box)}{texts}</g>'


def _arrow(route: Route, direction: Direction, kind: str) -> str:
    """Return line and head; the line ends where the head begins, so that its tip is sharp."""
    tip = route.curves[0].start if route.backwards else route.curves[-1].end
    sign = -1 if route.backwards else 1
    x, y = tip
    if direction == "right":
        base = (x - sign * HEAD_LENGTH, y)
        wings = f"L{base[0]:.1f} {y - HEAD_HALF:.1f}V{y + HEAD_HALF:.1f}z"
    else:
        base = (x, y - sign * HEAD_LENGTH)
        wings = f"L{x - HEAD_HALF:.1f} {base[1]:.1f}H{x + HEAD_HALF:.1f}z"
    path, here = "", None
    for number, curve in enumerate(route.curves):
        start = base if route.backwards and number == 0 else curve.start
        end = base if not route.backwards and number == len(route.curves) - 1 else curve.end
        path += f"{'M' if here is None else 'L'}{start[0]:.1f} {start[1]:.1f}" if here != start else ""
        numbers = " ".join(f"{value:.1f}" for point in (curve.first, curve.second, end) for value in point)
        path, here = f"{path}C{numbers}", end
    return f'<path class="edge {kind}" d="{path}"/><path class="head" d="M{x:.1f} {y:.1f}{wings}"/>'


def _labels(diagram: Diagram, layout: Layout) -> str:
    texts = []
    for edge, box in zip(diagram.edges, layout.labels, strict=True):
        if box is not None:
            x, y = box.x + box.width / 2, box.y + LABEL_SIZE - 0.5
            texts.append(f'<text class="label" x="{x:.1f}" y="{y:.1f}">{escape(edge.label)}</text>')
    return "".join(texts)
