"""How many copies must answer before a read can be trusted?"""

from __future__ import annotations

from apps.experiments.base import Experiment
from apps.experiments.quorums.challenge import CHALLENGES
from apps.experiments.quorums.conflicts import conflicts
from apps.experiments.quorums.drawing import CHARTS
from apps.experiments.quorums.figures import FIGURES
from apps.experiments.quorums.finding import finding
from apps.experiments.quorums.measure import run
from apps.experiments.quorums.params import PARAMS
from apps.experiments.quorums.presets import PRESETS

experiment = Experiment(
    title="Quorums and stale reads",
    question=__doc__,
    kind="simulated",
    topic="Data on many machines",
    concepts=("quorum", "consistency", "cap-theorem", "replication", "pacelc"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    challenges=CHALLENGES,
    model="messages between clients and copies, one by one",
    caution="A model: copies never fail or get slow, clocks do not matter because versions are numbered, and nobody "
    "re-sends what a partition swallowed. Real stores add hinted handoff and background repair, and their slow "
    "messages come together.",
)
