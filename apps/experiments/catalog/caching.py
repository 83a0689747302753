"""How much work does a small cache take off the database, and what happens when it is suddenly empty?"""

from __future__ import annotations

from apps.experiments.base import Experiment
from apps.experiments.caches.challenge import CHALLENGES
from apps.experiments.caches.conflicts import conflicts
from apps.experiments.caches.figures import CHARTS, FIGURES
from apps.experiments.caches.finding import finding
from apps.experiments.caches.measure import run
from apps.experiments.caches.params import PARAMS
from apps.experiments.caches.presets import PRESETS

experiment = Experiment(
    title="What a cache saves",
    question=__doc__,
    kind="measured",
    concepts=("caching", "cache-eviction", "hit-ratio"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    challenges=CHALLENGES,
    engines=("redis", "postgres"),
    topic="Caches",
    caution="Cache, database and readers share one machine without a network between them. Across a network every "
    "read takes longer, and a hit saves less than it seems to here. What a product is worth does not change in a run: "
    "no product comes into fashion, so a cache that forgets nothing loses nothing.",
)
