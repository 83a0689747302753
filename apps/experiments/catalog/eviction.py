"""When a cache is full, what should it give up?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.evictions.challenge import CHALLENGES
from apps.experiments.evictions.finding import finding
from apps.experiments.evictions.measure import run
from apps.experiments.evictions.presets import PRESETS
from apps.experiments.evictions.settings import EVICTS, NAMES
from apps.experiments.params import Choice, Param

PARAMS = {
    "policy": Param(
        "Policy",
        "lru",
        "What a full cache gives up.",
        group="Cache",
        choices=tuple(Choice(policy, name, EVICTS[policy]) for policy, name in NAMES.items()),
    ),
    "capacity": Param(
        "Room", 1_000, "Objects that fit into the cache.", group="Cache", unit="objects", low=1, high=100_000, step=1
    ),
    "trace": Param(
        "Requests for",
        "zipf",
        "What is asked for, in which order.",
        choices=(
            Choice("zipf", "The popular", "Each request on its own, popularity by Zipf's law."),
            Choice("scan", "The popular, and scans", "Now and then half as many keys as objects in a row, each once."),
            Choice("loop", "All in turn", "Every object once, then again from the first."),
            Choice("mixed", "A mixture", "60 % popular, 20 % from a loop over a tenth as many, 20 % once only."),
        ),
    ),
    "objects": Param("Objects", 10_000, "How many there are to ask for.", low=2, high=100_000, step=1),
    "alpha": Param(
        "Skew",
        0.9,
        "Exponent of Zipf's law: the k-th most popular object is asked for k to the minus this as often as the first.",
        low=0.1,
        high=2.0,
        step=0.05,
        applies={"trace": ("zipf", "scan", "mixed")},
    ),
    "requests": Param(
        "Requests",
        500_000,
        "The first third fills the cache and is not counted.",
        low=3_000,
        high=3_000_000,
        step=1_000,
    ),
}

FIGURES = {
    "hit_ratio": Figure("Hit ratio", "%", "Share of the requests that found their object in the cache.", digits=4),
    "lru_hit_ratio": Figure("Hit ratio of LRU", "%", "On the same requests.", digits=4),
    "bound_hit_ratio": Figure("Most that is possible", "%", "Belady's policy on the same requests.", digits=4),
    "misses_vs_lru": Figure("Misses beside LRU", "%", "Load on the origin, if LRU leaves it 100 %."),
    "evictions": Figure("Evictions", "", "Objects that had to leave, over the whole run.", digits=7),
}

BESIDE = (("", "The policy"), ("_lru", "LRU"), ("_optimal", "Optimal"))

CHARTS = (
    Chart(
        "Hit ratio so far",
        tuple(Line(f"so_far{suffix}", label) for suffix, label in BESIDE),
        "%",
        figures=("hit_ratio",),
        x="requests",
    ),
    Chart(
        "Hit ratio of each part of the run",
        tuple(Line(f"lately{suffix}", label) for suffix, label in BESIDE),
        "%",
        shape="step",
        x="requests",
    ),
    Chart(
        "Hit ratio over the room",
        (
            *(Line(f"at_size{suffix}", label) for suffix, label in BESIDE),
            Line("at_size_che", "LRU in theory", "theory"),
            Line("at_size_gelenbe", "FIFO and random in theory", "theory"),
            Line("at_size_most", "The most popular only", "theory"),
        ),
        "%",
        x="room in the cache (objects)",
        log_x=True,
    ),
    Chart(
        "Policy by policy",
        (Line("policies", "Hit ratio"),),
        "%",
        shape="bars",
        names=tuple(NAMES.values()),
    ),
)

experiment = Experiment(
    title="What to evict",
    question=__doc__,
    kind="simulated",
    topic="Caches",
    concepts=("cache-eviction", "hit-ratio", "caching"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    challenges=CHALLENGES,
    charts=CHARTS,
    run=run,
    finding=finding,
    model="one trace of requests, replayed under every policy",
    caution="A model: all objects are of one size and cost as much to fetch, popularity does not change in a run, and "
    "a miss is filled before the next request comes. It says which objects are kept, not how long a lookup takes: the "
    "simple policies also need fewer locks.",
)
