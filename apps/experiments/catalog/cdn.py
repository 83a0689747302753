"""What does a cache near the client leave for the origin to do?"""

from __future__ import annotations

from apps.experiments.base import Experiment
from apps.experiments.cdns.challenge import CHALLENGES
from apps.experiments.cdns.conflicts import conflicts
from apps.experiments.cdns.drawing import CHARTS
from apps.experiments.cdns.figures import FIGURES
from apps.experiments.cdns.finding import finding
from apps.experiments.cdns.measure import run
from apps.experiments.cdns.params import PARAMS
from apps.experiments.cdns.presets import PRESETS

experiment = Experiment(
    title="Edges, shield and origin",
    question=__doc__,
    kind="simulated",
    topic="Caches",
    concepts=("cdn", "hit-ratio", "ttl", "stale-while-revalidate", "request-coalescing"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    challenges=CHALLENGES,
    model="requests through caches that evict what was asked for longest ago, one by one",
    caution="A model: objects are of one size, clients ask independently of each other, and latencies are fixed. Real "
    "traffic moves with the news and the time of day, large files push out many small ones, and an origin under load "
    "slows down.",
)
