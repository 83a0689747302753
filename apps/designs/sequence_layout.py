"""Where does everything of a sequence stand? Columns as wide as their words need and the page allows, steps below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from apps.designs.geometry import Box, Point
from apps.designs.sequence import Sequence, Step
from apps.designs.wrapping import in_lines, widest

EDGE = 2.0  # around everything, so that lines at the edge are whole
LABEL_SIZE, NOTE_SIZE, LINE = 12.0, 11.5, 15.0
HEAD_ROOM = 14.0  # of an arrow's span, left beside its words
LOOP = 24.0  # how far a message to oneself reaches out
LEAST_HEAD = 46.0
APART = 12.0  # between two heads
NOTE_PADDING = 8.0
LEAST_NOTE = 104.0  # pixels that a note may take, however near its neighbours are

Need = tuple[int, int, float]  # from column, to column, pixels between them; column 0 is the left edge


@dataclass(frozen=True, slots=True)
class Sheet:
    """The measures of a drawing: `width` is what it should fit into, and does unless its heads are too many."""

    width: float
    name_size: float
    name_line: float
    padding: float
    pitch: float  # between two lifelines, at least: an arrow that is still seen as one
    lines: int  # at most, in a label


WIDE = Sheet(640.0, 14.0, 17.0, 12.0, 90.0, 2)
NARROW = Sheet(340.0, 12.0, 14.5, 8.0, 46.0, 3)


@dataclass(frozen=True, slots=True)
class Head:
    """The box of an actor with the lines of its name; its lifeline is the pieces (top, bottom) that no word covers."""

    box: Box
    names: tuple[str, ...]
    x: float
    pieces: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A step in its place: its words, the box they stand in (None without words), and the corners of its arrow."""

    words: tuple[str, ...]
    box: Box | None
    path: tuple[Point, ...]  # of a divider: the two ends of its line; empty for a note


@dataclass(frozen=True, slots=True)
class SequenceLayout:
    """Everything in its place, in pixels from the top left corner."""

    heads: dict[str, Head]
    steps: tuple[Placed, ...]
    width: float
    height: float


def lay_out(sequence: Sequence, sheet: Sheet) -> SequenceLayout:
    """Return the sequence with everything in its place: words never on words, nor on any line."""
    columns = _Columns(sequence, sheet)
    top = columns.bottom + 12
    placed = []
    for step in sequence.steps:
        item, top = _place(step, columns, top)
        placed.append(item)
    covered = [step.box for step in placed if step.box]
    heads = {
        name: Head(
            box, columns.names[name], columns.x[name], _pieces(columns.x[name], box.y + box.height, top, covered)
        )
        for name, box in columns.boxes.items()
    }
    return SequenceLayout(heads, tuple(placed), columns.width, top + EDGE)


class _Columns:
    """The heads and where their lifelines stand. Heads that do not fit side by side stand in two rows by turns."""

    def __init__(self, sequence: Sequence, sheet: Sheet) -> None:
        self.sheet, self.order = sheet, {name: number for number, name in enumerate(sequence.actors, start=1)}
        self.rows = 1
        self._wrap_names(sequence, sheet.width / len(self.order) - APART)
        if sum(self.breadth.values()) + APART * len(self.order) > sheet.width and len(self.order) > 2:
            self.rows = 2
            self._wrap_names(sequence, 2 * sheet.width / (len(self.order) + 1) - APART)
        gaps = _gaps(len(self.order) + 1, self._needs(), _wishes(sequence, self.order, sheet), sheet.width)
        self.width = sum(gaps)
        self.x = {name: sum(gaps[:number]) for name, number in self.order.items()}
        lines = max(len(names) for names in self.names.values())
        height = lines * sheet.name_line + 18
        tops = [EDGE, EDGE + height + 8]
        self.boxes = {
            name: Box(self.x[name] - breadth / 2, tops[(self.order[name] + 1) % self.rows], breadth, height)
            for name, breadth in self.breadth.items()
        }
        self.bottom = max(box.y + box.height for box in self.boxes.values())

    def _wrap_names(self, sequence: Sequence, room: float) -> None:
        sheet = self.sheet
        self.names: dict[str, tuple[str, ...]] = {}
        self.breadth: dict[str, float] = {}
        for name, actor in sequence.actors.items():
            bars = 12.0 if actor.type == "queue" else 0.0
            lines = in_lines(actor.label, sheet.name_size, room - 2 * sheet.padding - bars, 3)
            self.names[name] = tuple(lines)
            self.breadth[name] = max(LEAST_HEAD, widest(lines, sheet.name_size) + 2 * sheet.padding + bars)

    def _needs(self) -> Iterable[Need]:
        """Yield what keeps heads apart from each other, from lifelines of the row above, and from the edges."""
        numbered = list(enumerate(self.breadth.values(), start=1))
        for number, breadth in numbered:
            yield 0, number, breadth / 2 + EDGE
            yield number, len(numbered) + 1, max(breadth / 2, LOOP) + EDGE
            for other, its_breadth in numbered[number : number + self.rows]:
                same_row = (other - number) % self.rows == 0
                yield number, other, max((breadth + its_breadth) / 2 + APART if same_row else 0, self.sheet.pitch)
                if not same_row:  # the lifeline of the upper one passes the lower one
                    yield number, other, (its_breadth if number % 2 else breadth) / 2 + APART / 2


def _wishes(sequence: Sequence, order: dict[str, int], sheet: Sheet) -> list[list[Need]]:
    """Return what words would like to have: first those of labels in several lines, then those of labels in one."""
    rounds: list[list[Need]] = []
    for lines in (sheet.lines, 1):
        rounds.append([])
        for step in sequence.steps:
            if step.source and step.target:
                words = in_lines(step.label, LABEL_SIZE, 0, lines)
                low, high = sorted((order[step.source], order[step.target]))
                room = widest(words, LABEL_SIZE) + HEAD_ROOM
                rounds[-1].append((low, high, room) if low != high else (low, low + 1, room + LOOP))
    return rounds


def _gaps(count: int, needs: Iterable[Need], rounds: list[list[Need]], width: float) -> list[float]:
    """Return the distances between neighbours: all needs met, then wishes, smallest first, as long as there is room."""
    gaps = [0.0] * count
    for low, high, need in sorted(needs, key=lambda need: need[1] - need[0]):
        _widen(gaps, low, high, max(0.0, need - sum(gaps[low:high])))
    for wishes in rounds:
        for low, high, wish in sorted(wishes, key=lambda wish: wish[2]):
            missing = min(wish - sum(gaps[low:high]), width - sum(gaps))
            _widen(gaps, low, high, max(0.0, missing))
    return gaps


def _widen(gaps: list[float], low: int, high: int, more: float) -> None:
    for number in range(low, high):
        gaps[number] += more / (high - low)


def _place(step: Step, columns: _Columns, top: float) -> tuple[Placed, float]:
    """Return a step that begins at `top`, and where the next one may begin."""
    if step.divider:
        return _divider(step, columns, top + 6)
    if step.over:
        return _note(step, columns, top)
    if step.source == step.target:
        return _loop(step, columns, top)
    return _arrow(step, columns, top)


def _divider(step: Step, columns: _Columns, top: float) -> tuple[Placed, float]:
    words = in_lines(step.divider, LABEL_SIZE, columns.width - 60, 3)
    box = _box(words, columns.width / 2, top, columns.width)
    middle = box.y + box.height / 2
    return Placed(tuple(words), box, ((0.0, middle), (columns.width, middle))), box.y + box.height + 12


def _note(step: Step, columns: _Columns, top: float) -> tuple[Placed, float]:
    x = columns.x[step.over or ""]
    stops = [0.0, *columns.x.values(), columns.width]
    near = min(abs(x - stop) for stop in stops if stop != x)
    words = in_lines(step.note, NOTE_SIZE, max(2 * near - 4 * NOTE_PADDING, LEAST_NOTE), 4)
    breadth = widest(words, NOTE_SIZE) + 2 * NOTE_PADDING
    left = min(max(x - breadth / 2, EDGE), columns.width - EDGE - breadth)
    box = Box(left, top, breadth, LINE * len(words) + NOTE_PADDING)
    return Placed(tuple(words), box, ()), top + box.height + 12


def _arrow(step: Step, columns: _Columns, top: float) -> tuple[Placed, float]:
    start, end = columns.x[step.source or ""], columns.x[step.target or ""]
    if step.kind == "lost":
        end = start + 0.72 * (end - start)
    words = in_lines(step.label, LABEL_SIZE, abs(end - start) - HEAD_ROOM + 4, columns.sheet.lines)
    box = _box(words, (start + end) / 2, top, columns.width) if words else None
    y = (box.y + box.height if box else top) + 6
    return Placed(tuple(words), box, ((start, y), (end, y))), y + 12


def _loop(step: Step, columns: _Columns, top: float) -> tuple[Placed, float]:
    """Return a message to oneself: its words beside the loop where there is room for them, else above it."""
    x = columns.x[step.source or ""]
    number = columns.order[step.source or ""]
    after = [*columns.x.values(), columns.width][number]
    words = in_lines(step.label, LABEL_SIZE, after - x - LOOP - HEAD_ROOM, columns.sheet.lines)
    room = columns.width - EDGE - x - LOOP - 6
    box, start = None, top
    if words and widest(words, LABEL_SIZE) + 4 <= room:
        box = _box(words, x + LOOP + 8 + widest(words, LABEL_SIZE) / 2, top, columns.width)
        start = top + max(0.0, box.height / 2 - 9)
    elif words:
        words = in_lines(step.label, LABEL_SIZE, LEAST_NOTE, columns.sheet.lines)
        box = _box(words, x, top, columns.width)
        start = top + box.height + 6
    path = ((x, start), (x + LOOP, start), (x + LOOP, start + 18), (x, start + 18))
    return Placed(tuple(words), box, path), max(start + 18, box.y + box.height if box else 0.0) + 12


def _box(words: list[str], middle: float, top: float, width: float) -> Box:
    """Return the box of centred words, moved into the sheet."""
    breadth = widest(words, LABEL_SIZE) + 4
    left = min(max(middle - breadth / 2, EDGE), max(width - EDGE - breadth, EDGE))
    return Box(left, top, breadth, LINE * len(words))


def _pieces(x: float, top: float, bottom: float, covered: list[Box]) -> tuple[tuple[float, float], ...]:
    """Return the pieces of a lifeline between the words that stand on it."""
    pieces, here = [], top
    for box in covered:  # from top to bottom, none beside another
        if box.x - 3 < x < box.x + box.width + 3:
            pieces.append((here, box.y - 2))
            here = box.y + box.height + 2
    return tuple((start, end) for start, end in [*pieces, (here, bottom)] if end - start > 1)
