"""A lab for the tests of texts: real in type, small in content, never run."""

from apps.experiments.base import Experiment, Figure, Prediction, Preset
from apps.experiments.params import Choice, Param


def never(params, bench):
    raise AssertionError("texts are checked without running anything")
    yield


CACHING = Experiment(
    title="What a cache saves",
    question="How far does a small cache go?",
    kind="measured",
    concepts=("hit-ratio",),
    params={
        "capacity": Param("Cache size", 0.1, "Share that fits.", low=0.01, high=1.0),
        "policy": Param("Eviction", "lru", "What goes.", choices=(Choice("lru", "LRU"), Choice("lfu", "LFU"))),
    },
    figures={"hit_ratio": Figure("Hit ratio", "%"), "p99": Figure("Read p99", "ms")},
    presets={
        "small": Preset("Small", "One in ten fits. How many <hits>?", Prediction("hit_ratio", "Hit ratio", 0.0, 1.0)),
        "all": Preset("All", "Everything fits.", Prediction("p99", "p99", 0.1, 50.0), {"capacity": 1.0}),
    },
    charts=(),
    run=never,
    finding=lambda params, outcome: "",
)
LABS = {"caching": CACHING}
