"""Where does everything stand? Rows become columns or lines, boxes move to where their arrows pull them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from apps.designs.geometry import Box, Curve, Layout, Point, Route
from apps.designs.labels import LABEL_SIZE, place_labels
from apps.designs.metrics import text_width
from apps.designs.ranking import Ranking, rank
from apps.designs.schema import Diagram, Direction, Node
from apps.designs.wrapping import balanced

NAME_SIZE, NOTE_SIZE = 14.0, 11.5
NOTE_LINE = 15.0
PADDING = 14.0
LEAST_WIDTH = 92.0
MARGIN = 6.0
PORT_PITCH = {"right": 24.0, "down": 30.0}
LEAST_GAP = {"right": 64.0, "down": 58.0}  # between rows
LEAST_APART = {"right": 26.0, "down": 34.0}  # between boxes of one row
ROUNDS = 24
Ports = tuple[float, float]  # how far from the middle of its two boxes an arrow leaves and arrives, across
TRIES = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """The measures of one attempt: `along` runs with the arrows, `across` runs through a row."""

    direction: Direction
    depth: tuple[float, ...]  # of each row, along
    gap: tuple[float, ...]  # after each row, along
    breadth: Mapping[str, float]  # of each name, across; stand-ins have none
    apart: float

    def starts(self) -> list[float]:
        """Return where each row begins, along."""
        starts = [0.0]
        for depth, gap in zip(self.depth, self.gap, strict=True):
            starts.append(starts[-1] + depth + gap)
        return starts[:-1]

    def point(self, along: float, across: float) -> Point:
        """Return x and y."""
        return (along, across) if self.direction == "right" else (across, along)


def note_lines(node: Node) -> list[str]:
    """Return the note in one line, or in two of nearly the same width if it is long."""
    lines = 2 if len(node.note) > 20 else 1
    return balanced(words, NOTE_SIZE, min(lines, len(words))) if (words := node.note.split()) else []


def node_size(node: Node) -> tuple[float, float]:
    """Return width and height of a box that holds its texts."""
    lines = note_lines(node)
    widest = max([text_width(node.label, NAME_SIZE), *(text_width(line, NOTE_SIZE) for line in lines)])
    return max(LEAST_WIDTH, widest + 2 * PADDING), 37.0 + NOTE_LINE * len(lines)


def lay_out(diagram: Diagram) -> Layout:
    """Return the diagram with everything in its place; room is added as long as words touch something."""
    ranking = rank(diagram)
    best, least = _attempt(diagram, ranking, 1.0)
    for number in range(1, TRIES):
        if least == 0:
            break
        layout, trouble = _attempt(diagram, ranking, 1 + 0.25 * number)
        if trouble < least:
            best, least = layout, trouble
    return best


def _attempt(diagram: Diagram, ranking: Ranking, room: float) -> tuple[Layout, float]:
    frame = _frame(diagram, ranking, room)
    ports = _ports(diagram.direction, ranking)
    across = _across(frame, ranking, ports)
    boxes = _boxes(frame, ranking, across)
    routes = _routes(frame, diagram, ranking, across, ports)
    sizes = [(text_width(edge.label, LABEL_SIZE) + 4, 15.0) if edge.label else None for edge in diagram.edges]
    labels, trouble = place_labels(list(boxes.values()), routes, sizes)
    return _moved_to_corner(Layout(boxes, routes, labels, 0, 0)), trouble


def _frame(diagram: Diagram, ranking: Ranking, room: float) -> Frame:
    flat = diagram.direction == "right"
    sizes = {name: node_size(node) for name, node in diagram.nodes.items()}
    ranks = ranking.rank_of()
    ports = {name: _most_ports(name, ranking) for name in diagram.nodes}
    pitch = PORT_PITCH[diagram.direction]
    breadth = {
        name: max(height if flat else width, (ports[name] - 1) * pitch + 24) for name, (width, height) in sizes.items()
    }
    depth = tuple(
        max((sizes[name][0 if flat else 1] for name in row if name in sizes), default=0.0) for row in ranking.rows
    )
    gaps = [LEAST_GAP[diagram.direction] * room for _ in ranking.rows]
    for edge, chain in zip(diagram.edges, ranking.chains, strict=True):
        middle = ranks[chain[(len(chain) - 1) // 2]]
        if flat and edge.label:
            gaps[middle] = max(gaps[middle], text_width(edge.label, LABEL_SIZE) + 36 * room)
    gaps[-1] = 0.0
    return Frame(diagram.direction, depth, tuple(gaps), breadth, LEAST_APART[diagram.direction] * room)


def _most_ports(name: str, ranking: Ranking) -> int:
    """Return how many arrows the fuller side of a box has."""
    leaving = sum(chain[0] == name for chain in ranking.chains)
    arriving = sum(chain[-1] == name for chain in ranking.chains)
    return max(leaving, arriving, 1)


def _across(frame: Frame, ranking: Ranking, ports: Sequence[Ports]) -> dict[str, float]:
    """Return the middle of each name across: where its arrows run straightest, as far as the row allows."""
    near: dict[str, list[tuple[str, float]]] = {name: [] for row in ranking.rows for name in row}
    for chain, (leaving, arriving) in zip(ranking.chains, ports, strict=True):
        for low, high in zip(chain, chain[1:], strict=False):
            bend = (arriving if high == chain[-1] else 0.0) - (leaving if low == chain[0] else 0.0)
            near[low].append((high, bend))
            near[high].append((low, -bend))
    across: dict[str, float] = {}
    for row in ranking.rows:
        across.update(zip(row, _spread([0.0] * len(row), row, frame), strict=True))
    for number in range(ROUNDS):
        for row in ranking.rows if number % 2 == 0 else reversed(ranking.rows):
            wishes = [
                sum(across[other] + bend for other, bend in near[name]) / len(near[name])
                if near[name]
                else across[name]
                for name in row
            ]
            across.update(zip(row, _spread(wishes, row, frame), strict=True))
    return across


def _spread(wishes: Sequence[float], row: Sequence[str], frame: Frame) -> list[float]:
    """Return the positions nearest to the wishes (least squares) that keep the row's order and distances."""
    offsets = [0.0]
    for first, second in zip(row, row[1:], strict=False):
        half = (frame.breadth.get(first, 0.0) + frame.breadth.get(second, 0.0)) / 2
        offsets.append(offsets[-1] + half + frame.apart)
    groups: list[tuple[float, int]] = []  # mean, count: neighbours that want to pass each other settle on one mean
    for wish, offset in zip(wishes, offsets, strict=True):
        mean, count = wish - offset, 1
        while groups and groups[-1][0] > mean:
            before, number = groups.pop()
            mean, count = (before * number + mean * count) / (number + count), number + count
        groups.append((mean, count))
    settled = [mean for mean, count in groups for _ in range(count)]
    return [position + offset for position, offset in zip(settled, offsets, strict=True)]


def _boxes(frame: Frame, ranking: Ranking, across: Mapping[str, float]) -> dict[str, Box]:
    boxes = {}
    for row, start, depth in zip(ranking.rows, frame.starts(), frame.depth, strict=True):
        for name in row:
            if name in frame.breadth:
                breadth = frame.breadth[name]
                x, y = frame.point(start, across[name] - breadth / 2)
                width, height = frame.point(depth, breadth)
                boxes[name] = Box(x, y, width, height)
    return boxes


def _routes(
    frame: Frame, diagram: Diagram, ranking: Ranking, across: Mapping[str, float], ports: Sequence[Ports]
) -> tuple[Route, ...]:
    ranks, starts = ranking.rank_of(), frame.starts()
    routes = []
    for edge, chain, (leaving, arriving) in zip(diagram.edges, ranking.chains, ports, strict=True):
        ends = across[chain[0]] + leaving, across[chain[-1]] + arriving
        stops = [ends[0], *(across[name] for name in chain[1:-1]), ends[1]]
        curves = []
        for position, (low, high) in enumerate(zip(chain, chain[1:], strict=False)):
            begin, end = starts[ranks[low]] + frame.depth[ranks[low]], starts[ranks[high]]
            middle = (begin + end) / 2
            here, there = stops[position], stops[position + 1]
            corners = ((begin, here), (middle, here), (middle, there), (end, there))
            curves.append(Curve(*(frame.point(*corner) for corner in corners)))
        routes.append(Route(tuple(curves), backwards=edge.source != chain[0]))
    return tuple(routes)


def _ports(direction: Direction, ranking: Ranking) -> list[Ports]:
    """Return how far from the middle of its boxes each arrow leaves and arrives: evenly apart, in the order of
    where it goes to, so that arrows of one side do not cross."""
    place = {name: number for row in ranking.rows for number, name in enumerate(row)}
    leaving = _offsets([chain[:2] for chain in ranking.chains], place, PORT_PITCH[direction])
    arriving = _offsets([chain[::-1][:2] for chain in ranking.chains], place, PORT_PITCH[direction])
    return list(zip(leaving, arriving, strict=True))


def _offsets(ends: Sequence[Sequence[str]], place: Mapping[str, int], pitch: float) -> list[float]:
    offsets = [0.0] * len(ends)
    for name in {end[0] for end in ends}:
        mine = [index for index, end in enumerate(ends) if end[0] == name]
        mine.sort(key=lambda index: (place[ends[index][1]], index))
        for number, index in enumerate(mine):
            offsets[index] = (number - (len(mine) - 1) / 2) * pitch
    return offsets


def _moved_to_corner(layout: Layout) -> Layout:
    """Return the layout moved so that all of it lies within its width and height, with a small margin."""
    shapes = [*layout.boxes.values(), *(label for label in layout.labels if label)]
    points = [point for route in layout.routes for point in route.samples()]
    left = min([box.x for box in shapes] + [x for x, _ in points]) - MARGIN
    top = min([box.y for box in shapes] + [y for _, y in points]) - MARGIN
    right = max([box.x + box.width for box in shapes] + [x for x, _ in points]) + MARGIN
    bottom = max([box.y + box.height for box in shapes] + [y for _, y in points]) + MARGIN

    def moved(box: Box) -> Box:
        return replace(box, x=box.x - left, y=box.y - top)

    def shifted(curve: Curve) -> Curve:
        return Curve(*((x - left, y - top) for x, y in (curve.start, curve.first, curve.second, curve.end)))

    return Layout(
        boxes={name: moved(box) for name, box in layout.boxes.items()},
        routes=tuple(replace(route, curves=tuple(map(shifted, route.curves))) for route in layout.routes),
        labels=tuple(moved(label) if label else None for label in layout.labels),
        width=right - left,
        height=bottom - top,
    )
