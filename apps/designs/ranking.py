"""In which row and which place does each box stand? Longest path, then the barycentre of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.designs.schema import Diagram, Edge

Link = tuple[str, str]  # from the lower rank to the higher one
SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Ranking:
    """Names row by row. A link over several rows passes through stand-ins: it has a place in each row."""

    rows: tuple[tuple[str, ...], ...]
    chains: tuple[tuple[str, ...], ...]  # one per edge of the diagram, in its order; from the low rank to the high

    def rank_of(self) -> dict[str, int]:
        """Return the row number of every name."""
        return {name: number for number, row in enumerate(self.rows) for name in row}


def rank(diagram: Diagram) -> Ranking:
    """Return where everything stands. The same diagram always gives the same rows."""
    ranks = _ranks(list(diagram.nodes), _forward_links(diagram))
    rows: list[list[str]] = [[] for _ in range(max(ranks.values()) + 1)]
    for name, number in ranks.items():
        rows[number].append(name)
    chains = tuple(_chain(index, edge, ranks, rows) for index, edge in enumerate(diagram.edges))
    links = [link for chain in chains for link in zip(chain, chain[1:], strict=False)]
    return Ranking(tuple(tuple(row) for row in _ordered(rows, links)), chains)


def _forward_links(diagram: Diagram) -> list[Link]:
    """Return the links that decide ranks: answers left out, a link that would close a circle turned."""
    links = [(edge.source, edge.target) for edge in diagram.edges if edge.kind != "return"]
    links += [
        (edge.target, edge.source)
        for edge in diagram.edges
        if edge.kind == "return" and (edge.target, edge.source) not in links
    ]
    after: dict[str, list[str]] = {name: [] for name in diagram.nodes}
    kept: list[Link] = []
    for source, target in dict.fromkeys(links):
        if _reaches(after, target, source):
            source, target = target, source
        after[source].append(target)
        kept.append((source, target))
    return kept


def _reaches(after: dict[str, list[str]], start: str, goal: str) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        fresh = [following for following in after[name] if following not in seen]
        seen.update(fresh)
        waiting += fresh
    return False


def _ranks(names: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """Return the longest path to each name; a source is then drawn up to just before its first follower."""
    ranks = dict.fromkeys(names, 0)
    for _ in names:
        for source, target in links:
            ranks[target] = max(ranks[target], ranks[source] + 1)
    entered = {target for _, target in links}
    for name in names:
        followers = [ranks[target] for source, target in links if source == name]
        if name not in entered and followers:
            ranks[name] = min(followers) - 1
    lowest = min(ranks.values())
    return {name: number - lowest for name, number in ranks.items()}


def _chain(index: int, edge: Edge, ranks: dict[str, int], rows: list[list[str]]) -> tuple[str, ...]:
    """Return the names a link passes through, and put its stand-ins into the rows between."""
    low, high = sorted((edge.source, edge.target), key=ranks.__getitem__)
    stand_ins = []
    for number in range(ranks[low] + 1, ranks[high]):
        stand_ins.append(f"{index}:{number}")  # no identifier holds a colon
        rows[number].append(stand_ins[-1])
    return (low, *stand_ins, high)


def _ordered(rows: list[list[str]], links: Sequence[Link]) -> list[list[str]]:
    """Return the rows sorted so that few links cross; ties stay as the author wrote them."""
    before: dict[str, list[str]] = {name: [] for row in rows for name in row}
    after: dict[str, list[str]] = {name: [] for row in rows for name in row}
    for source, target in links:
        after[source].append(target)
        before[target].append(source)
    best, fewest = rows, crossings(rows, links)
    for sweep in range(SWEEPS):
        neighbours = before if sweep % 2 == 0 else after
        rows = _swept(rows, neighbours, backwards=sweep % 2 == 1)
        count = crossings(rows, links)
        if count < fewest:
            best, fewest = rows, count
    return best


def _swept(rows: list[list[str]], neighbours: dict[str, list[str]], *, backwards: bool) -> list[list[str]]:
    rows = [list(row) for row in rows]
    place = {name: float(number) for row in rows for number, name in enumerate(row)}
    for row in reversed(rows) if backwards else rows:
        wish = {
            name: sum(place[near] for near in neighbours[name]) / len(neighbours[name])
            if neighbours[name]
            else place[name]
            for name in row
        }
        row.sort(key=wish.__getitem__)
        place.update({name: float(number) for number, name in enumerate(row)})
    return rows


def crossings(rows: Sequence[Sequence[str]], links: Sequence[Link]) -> int:
    """Return how many pairs of links cross between neighbouring rows."""
    place = {name: (number, position) for number, row in enumerate(rows) for position, name in enumerate(row)}
    between: dict[int, list[tuple[int, int]]] = {}
    for source, target in links:
        between.setdefault(place[source][0], []).append((place[source][1], place[target][1]))
    return sum(
        (first[0] - second[0]) * (first[1] - second[1]) < 0
        for gap in between.values()
        for number, first in enumerate(gap)
        for second in gap[:number]
    )
