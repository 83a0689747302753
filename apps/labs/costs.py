"""How long does a run keep the machine? Limits, queues and studies count in these seconds."""

from collections.abc import Mapping

OVERHEAD_S = 2.0  # reset and load between two runs
COMPUTED_S = 2.0  # the least of a simulation, or of a run on a virtual clock: as quick as it computes
REQUESTS_PER_S = 50_000  # that a run on a virtual clock decides
CUSTOMERS_PER_S = 400_000  # that a simulation carries through, its slowest discipline on a busy machine


def planned_s(params: Mapping[str, object]) -> float:
    """Return for about how many seconds a run with these settings works. What is measured says so: `duration_s`."""
    duration_s = float(str(params.get("duration_s", COMPUTED_S)))
    if params.get("clock") == "virtual":
        return max(COMPUTED_S, float(str(params["offered_rps"])) * duration_s / REQUESTS_PER_S)
    if "customers" in params and params.get("engine", "simulated") == "simulated":
        return max(COMPUTED_S, float(str(params["customers"])) / CUSTOMERS_PER_S)
    return duration_s
