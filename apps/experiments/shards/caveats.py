"""What must a learner know before believing the figures of a sharding run?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from apps.experiments.shards.settings import Settings


def caveats(settings: Settings, figures: Mapping[str, float]) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    hottest = figures["hottest_key_share"]
    if hottest > 1:
        yield (
            f"The most popular key alone asks for {hottest:.2g} times what a shard can fairly take. No placement of "
            "whole keys helps; copies of that key, or a cache before the shards, would."
        )
    if settings.scheme == "bounded-ring" and figures["max_over_mean_load"] > settings.load_factor + 1e-3:
        yield "The bound was not kept: a key that fits nowhere stays where the ring puts it."
    if settings.scheme == "jump" and settings.event == "shard-removed":
        yield (
            "Jump hash knows only a last shard. When one in the middle is removed the last takes its place, so that "
            "the keys of two shards move."
        )
    if settings.scheme == "range" and settings.event == "shard-added":
        yield "The new shard takes half of the busiest one. The others stay as full as they were."
    if settings.scheme == "ring" and settings.vnodes < 20:
        yield "With so few virtual nodes every ring is another: try other seeds."
