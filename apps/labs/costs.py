"""How long does a run keep the machine? Limits, queues and studies count in these seconds."""

from collections.abc import Mapping
from typing import Any

from apps.experiments.registry import experiments

OVERHEAD_S = 2.0  # reset and load between two runs


def planned_s(lab: str, params: Mapping[str, Any]) -> float:
    """Return for about how many seconds a run of a lab with these settings works."""
    return experiments()[lab].planned_s(params)
