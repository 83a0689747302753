"""What may be set in the lab on retries, and which settings cannot be together?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.params import Choice, Param, Params

CALLERS, EVENT = "Callers", "Trigger"
LOADS = {"trigger": ("none", "failures", "outage")}
CROWDS = {"trigger": ("reconnect", "contention")}
SERVED = {"trigger": ("none", "failures", "outage", "reconnect")}
PAUSES = {"backoff": ("fixed", "exponential")}

PARAMS = {
    "trigger": Param(
        "Trigger",
        "failures",
        "What makes clients try again.",
        group=EVENT,
        choices=(
            Choice("none", "None", "Every call succeeds."),
            Choice("failures", "Calls fail", "A share of all calls at the server ends in an error."),
            Choice("outage", "The server is down", "Every call is refused at once."),
            Choice("reconnect", "All come at once", "Clients come back at one moment; the server has room for few."),
            Choice("contention", "One row", "All want to change the same row; of those who read the same version one "
                   "wins."),
        ),
    ),
    "failure_share": Param("Calls that fail", 0.5, "Each on its own, whatever was before.", group=EVENT, low=0.0,
                           high=1.0, step=0.05, applies={"trigger": ("failures",)}),
    "event_at_s": Param("Begins at", 10.0, "Seconds into the run.", group=EVENT, unit="s", low=2.0, high=60.0,
                        step=1.0, applies=LOADS),
    "event_s": Param("Lasts", 20.0, "From its beginning to its end.", group=EVENT, unit="s", low=1.0, high=60.0,
                     step=1.0, applies=LOADS),
    "clients": Param("Clients", 100, "Each wants one thing, and tries until it has it.", group=EVENT, low=1, high=500,
                     step=10, applies=CROWDS),
    "attempts": Param("Attempts", 3, "Calls in all, the first included.", group=CALLERS, low=1, high=6, step=1,
                      applies=LOADS),
    "depth": Param("Layers that retry", 1, "Each calls the next; the last one calls the server. All try again.",
                   group=CALLERS, low=1, high=4, step=1, applies=SERVED),
    "backoff": Param(
        "Backoff",
        "exponential",
        "The pause before each further attempt.",
        group=CALLERS,
        choices=(
            Choice("none", "None", "At once."),
            Choice("fixed", "Fixed", "The same pause each time."),
            Choice("exponential", "Exponential", "Twice as long each time."),
        ),
    ),
    "base_ms": Param("First pause", 100.0, "Before the second attempt. In a contest it is doubled once already.",
                     group=CALLERS, unit="ms", low=1.0, high=5_000.0, step=1.0, applies=PAUSES),
    "cap_ms": Param("Longest pause", 2_000.0, "However often it failed.", group=CALLERS, unit="ms", low=1.0,
                    high=20_000.0, step=1.0, applies=PAUSES),
    "jitter": Param(
        "Jitter",
        "full",
        "How pauses are spread.",
        group=CALLERS,
        choices=(
            Choice("none", "None", "Pauses as planned."),
            Choice("equal", "Equal", "Half as planned, half at random."),
            Choice("full", "Full", "Anything from nothing to the plan."),
            Choice("decorrelated", "Decorrelated", "Anything from the first pause to three times the last one."),
        ),
        applies=PAUSES,
    ),
    "budget": Param("Retry budget", 0.0, "Retries per first call, over all callers of a layer. 0: no bound.",
                    group=CALLERS, low=0.0, high=1.0, step=0.05, applies=LOADS),
    "offered_rps": Param("Load", 50.0, "Requests a second.", unit="/s", low=5.0, high=500.0, step=5.0, applies=LOADS),
    "capacity_rps": Param("Capacity", 2_000.0, "Calls that the server does in a second. When all come at once, its "
                          "line has room for a tenth of that.", unit="/s", low=20.0, high=5_000.0, step=10.0,
                          applies=SERVED),
    "duration_s": Param("Length", 60.0, "Simulated seconds.", unit="s", low=10.0, high=120.0, step=5.0, applies=LOADS),
}  # fmt: skip


def conflicts(params: Params) -> Mapping[str, str]:
    """Return problems by name: a trigger that the run does not outlast, pauses or a row that cannot be."""
    problems = {}
    crowd = params["trigger"] in CROWDS["trigger"]
    if not crowd and float(params["event_at_s"]) + float(params["event_s"]) + 4 > float(params["duration_s"]):
        problems["duration_s"] = "Too short to see what comes after the trigger. Let it last 4 s longer than that."
    if params["backoff"] != "none" and float(params["cap_ms"]) < float(params["base_ms"]):
        problems["cap_ms"] = "Less than the first pause. Set it higher, or base_ms lower."
    if params["trigger"] == "reconnect" and int(params["depth"]) > 1:
        problems["depth"] = "A crowd that comes back calls the server itself. Use 1, or another trigger."
    if params["trigger"] == "contention" and int(params["clients"]) > 200:
        problems["clients"] = "Too many for one row: what they lose grows with their square. Use 200 or fewer."
    return problems
