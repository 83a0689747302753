"""What may be set in the lab on metastable failures, and which settings cannot be together?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.metastability.settings import SLOW, SPIKE, Settings
from apps.experiments.params import Choice, Param, Params

CLIENTS, SERVER, EVENT = "Clients", "Server", "Trigger"
PAUSES = {"backoff": ("fixed", "exponential")}
HAPPENS = {"trigger": ("outage", "slow", "spike")}

PARAMS = {
    "attempts": Param("Attempts", 3, "Calls in all, the first included.", group=CLIENTS, low=1, high=6, step=1),
    "timeout_s": Param("Timeout", 1.0, "A client waits so long for one attempt. The server does not learn of it.",
                       group=CLIENTS, unit="s", low=0.1, high=10.0, step=0.1),
    "backoff": Param(
        "Backoff",
        "none",
        "The pause before each further attempt.",
        group=CLIENTS,
        choices=(
            Choice("none", "None", "At once."),
            Choice("fixed", "Fixed", "The same pause each time."),
            Choice("exponential", "Exponential", "Twice as long each time."),
        ),
    ),
    "base_ms": Param("First pause", 100.0, "Before the second attempt.", group=CLIENTS, unit="ms", low=1.0,
                     high=5_000.0, step=1.0, applies=PAUSES),
    "cap_ms": Param("Longest pause", 2_000.0, "However often it failed.", group=CLIENTS, unit="ms", low=1.0,
                    high=20_000.0, step=1.0, applies=PAUSES),
    "jitter": Param(
        "Jitter",
        "none",
        "How pauses are spread.",
        group=CLIENTS,
        choices=(
            Choice("none", "None", "Pauses as planned."),
            Choice("equal", "Equal", "Half as planned, half at random."),
            Choice("full", "Full", "Anything from nothing to the plan."),
            Choice("decorrelated", "Decorrelated", "Anything from the first pause to three times the last one."),
        ),
        applies=PAUSES,
    ),
    "budget": Param("Retry budget", 0.0, "Retries per first call, over all clients. 0: no bound.", group=CLIENTS,
                    low=0.0, high=1.0, step=0.05),
    "trigger": Param(
        "Trigger",
        "outage",
        "What pushes the system over.",
        group=EVENT,
        choices=(
            Choice("none", "None", "Nothing happens."),
            Choice("outage", "The server stops", "It stands still, and goes on afterwards where it was."),
            Choice("slow", "The server is slow", f"It works at {SLOW:g} of its speed."),
            Choice("spike", "A spike of load", f"{SPIKE:g} times as many requests come."),
        ),
    ),
    "event_at_s": Param("Begins at", 10.0, "Seconds into the run.", group=EVENT, unit="s", low=2.0, high=60.0,
                        step=1.0, applies=HAPPENS),
    "outage_s": Param("Lasts", 5.0, "From its beginning to its end.", group=EVENT, unit="s", low=0.5, high=30.0,
                      step=0.5, applies=HAPPENS),
    "capacity_rps": Param("Capacity", 1_000.0, "Requests that the server does in a second.", group=SERVER, unit="/s",
                          low=20.0, high=2_000.0, step=10.0),
    "order": Param(
        "Next is",
        "fifo",
        "Who is served next.",
        group=SERVER,
        choices=(
            Choice("fifo", "The oldest", "First come, first served."),
            Choice("lifo", "The newest", "Who has just come still waits for an answer."),
        ),
    ),
    "drops_expired": Param(
        "Expired work",
        "no",
        "When the turn comes of a request whose client has given up.",
        group=SERVER,
        choices=(
            Choice("no", "Is done", "The server does not know."),
            Choice("yes", "Is dropped", "The request carries its deadline, and the server looks."),
        ),
    ),
    "failing": Param("Calls that fail", 0.0, "Share of attempts that end in an error, always.", group=SERVER, low=0.0,
                     high=0.5, step=0.01),
    "offered_rps": Param("Load", 600.0, "First calls a second.", unit="/s", low=5.0, high=2_000.0, step=10.0),
    "duration_s": Param("Length", 60.0, "Simulated seconds.", unit="s", low=10.0, high=120.0, step=5.0),
}  # fmt: skip


MOST_TIMES = 20  # the capacity
MOST_PILED = 400_000  # attempts in line: half a gigabyte


def conflicts(params: Params) -> Mapping[str, str]:
    """Return problems by name: a trigger that the run does not outlast, pauses the wrong way round, endless lines."""
    problems = {}
    length = float(params["outage_s"]) if params["trigger"] != "none" else 0.0
    if float(params["event_at_s"]) + length + 4 > float(params["duration_s"]):
        problems["duration_s"] = "Too short to see what comes after the trigger. Let it last 4 s longer than that."
    settings = Settings.of(params)
    if settings.offered_rps > MOST_TIMES * settings.capacity_rps:
        problems["offered_rps"] = (
            f"Use at most {MOST_TIMES * settings.capacity_rps:g}: {MOST_TIMES} times the capacity."
        )
    over = settings.offered_rps * settings.most_attempts - settings.capacity_rps
    if (piled := over * settings.duration_s) > MOST_PILED and "duration_s" not in problems:
        problems["duration_s"] = (
            f"Up to {piled:,.0f} attempts would pile up, and {MOST_PILED:,} is the most. Use at most "
            f"{MOST_PILED / over:.3g} s, fewer attempts or less load."
        )
    if params["backoff"] != "none" and float(params["cap_ms"]) < float(params["base_ms"]):
        problems["cap_ms"] = "Less than the first pause. Set it higher, or base_ms lower."
    return problems
