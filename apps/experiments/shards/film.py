"""What does the change look like? Some keys as dots: where they live, and which of them have to move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from apps.experiments.bench import Bench
from apps.experiments.film import Film, Place, Sign, Tone, Visit, cut
from apps.experiments.shards.cluster import Placed
from apps.experiments.shards.settings import Settings

MOST_KEYS, MOST_SHARDS, RANKS = 160, 12, 4
APART_S, REST_S, MOVE_S = 0.05, 2.0, 0.6  # between two keys; before the change; from shard to shard
SOURCE = "keys"


def film(settings: Settings, placed: Placed, bench: Bench) -> Film | None:
    """Return the film of some keys, drawn at random: each goes to its shard, and after the change to its new one.

    Its clock is made up: placing takes no time. A dot that moves is a miss where it arrives.
    """
    shown = shards_shown(settings)
    inside = np.isin(placed.before, shown) & np.isin(placed.after, shown)
    chosen = np.flatnonzero(inside)
    chosen = np.sort(bench.random("film").choice(chosen, min(MOST_KEYS, len(chosen)), replace=False))
    ways = list(zip(placed.before[chosen].tolist(), placed.after[chosen].tolist(), strict=True))
    places = [Place(SOURCE, "Keys", column=0, slots=0)]
    places += [
        Place(str(shard), f"Shard {shard}", column=1 + rank // RANKS, row=rank % RANKS, slots=0)
        for rank, shard in enumerate(shown)
    ]
    count = f"{len(ways)} of {settings.keys:,} keys"
    if len(shown) < len(settings.everyone):
        count += f" on {len(shown)} of {len(settings.everyone)} shards"
    words = {"none": "nothing changes", "shard-added": "then a shard joins", "shard-removed": "then a shard is lost"}
    caption = f"{count}: first each finds its shard, {words[settings.event]}. The clock is made up."
    return cut(places, [], visits(ways), caption, signs=signs(settings, shown, ways))


def shards_shown(settings: Settings) -> list[int]:
    """Return the shards that are drawn: the one that changes among them."""
    others = [shard for shard in settings.everyone if shard != settings.changed or settings.event == "none"]
    kept = others[: MOST_SHARDS - 1]
    return kept if settings.event == "none" else sorted([*kept, settings.changed])


def change_at(count: int) -> float:
    """Return the second of the change, when all keys have found their shard and rested a while."""
    return count * APART_S + REST_S


def visits(ways: list[tuple[int, int]]) -> Iterator[Visit]:
    """Yield where each key is: at the source, at its shard, and at its new shard if it moves."""
    change = change_at(len(ways))
    end = change + len(ways) * APART_S / 4 + MOVE_S + REST_S
    for dot, (before, after) in enumerate(ways):
        came = dot * APART_S
        goes = change + dot * APART_S / 4
        yield Visit(dot, SOURCE, came, came, came + APART_S, "hit")
        arrived = came + APART_S + MOVE_S
        if before == after:
            yield Visit(dot, str(before), arrived, arrived, end, "hit")
        else:
            yield Visit(dot, str(before), arrived, arrived, goes, "miss")
            yield Visit(dot, str(after), goes + MOVE_S, goes + MOVE_S, end, "miss")


def signs(settings: Settings, shown: list[int], ways: list[tuple[int, int]]) -> Iterator[Sign]:
    """Yield how many keys each shard has, before and after, and which shard comes or goes."""
    change = change_at(len(ways))
    moved = change + len(ways) * APART_S / 4 + MOVE_S
    before, after = Counter(way[0] for way in ways), Counter(way[1] for way in ways)
    arrivals = Counter(way[1] for way in ways if way[0] != way[1])
    for shard in shown:
        if shard in settings.before:
            yield Sign(change - REST_S + MOVE_S + APART_S, str(shard), f"{before[shard]} keys")
        else:
            yield Sign(0.0, str(shard), "not there yet")
        if shard == settings.changed and settings.event != "none":
            added = settings.event == "shard-added"
            yield Sign(change, str(shard), "joins" if added else "lost", "good" if added else "bad")
        if shard in settings.after and settings.event != "none":
            tone: Tone = "bad" if arrivals[shard] > len(ways) / len(shown) else "plain"
            yield Sign(moved, str(shard), f"{after[shard]} keys, {arrivals[shard]} new", tone)
