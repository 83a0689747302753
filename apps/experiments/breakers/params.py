"""What may be set in the lab on circuit breakers, and which settings cannot be together?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.breakers.settings import LINE
from apps.experiments.params import Choice, Param, Params

BREAKER, FAILURE, CALLER = "Breaker", "Dependency", "Caller"
ON = {"breaker": ("on",)}
FAILS = {"failure": ("share", "slow", "down")}

PARAMS = {
    "breaker": Param(
        "Breaker",
        "on",
        "Between the caller and its dependency.",
        group=BREAKER,
        choices=(
            Choice("on", "On", "It stops calling when too many calls have failed, and tries again after a while."),
            Choice("off", "Off", "Every call is made, and waits for its timeout."),
        ),
    ),
    "window": Param("Window", 20, "Calls that it looks back on; before so many have ended it stays closed.",
                    group=BREAKER, low=1, high=200, step=5, applies=ON),
    "threshold": Param("Opens from", 0.5, "Share of failures in the window. A timeout is a failure.", group=BREAKER,
                       low=0.05, high=1.0, step=0.05, applies=ON),
    "open_s": Param("Stays open", 5.0, "Then it lets some calls through to see.", group=BREAKER, unit="s", low=0.5,
                    high=60.0, step=0.5, applies=ON),
    "trial_calls": Param("Trial calls", 5, "Let through when it has been open long enough. It closes if fewer of them "
                         "fail than opened it.", group=BREAKER, low=1, high=50, step=1, applies=ON),
    "timeout_ms": Param("Timeout", 1_000.0, "The caller waits so long for its dependency.", group=CALLER, unit="ms",
                        low=10.0, high=10_000.0, step=10.0),
    "fallback": Param(
        "Without an answer",
        "no",
        "When the dependency gives none.",
        group=CALLER,
        choices=(
            Choice("no", "The request fails", "It cannot do without."),
            Choice("yes", "It goes on", "It is answered without that part: an old price, no recommendations."),
        ),
    ),
    "threads": Param("Threads", 30, "A request holds one from its turn to its answer, also while it waits.",
                     group=CALLER, low=1, high=200, step=1),
    "work_ms": Param("Own work", 10.0, "What a request takes in the caller itself, on average.", group=CALLER,
                     unit="ms", low=0.5, high=200.0, step=0.5),
    "shedding": Param(
        "Line for a thread",
        "none",
        "Who waits when all threads are held.",
        group=CALLER,
        choices=(
            Choice("none", "Endless", "All wait, the oldest is next."),
            Choice("bounded", "Bounded", f"{LINE} may wait; the next ones are refused at once."),
            Choice("lifo", "Newest first", "The newest is next; who has given up is dropped."),
        ),
    ),
    "failure": Param(
        "What fails",
        "down",
        "At the dependency.",
        group=FAILURE,
        choices=(
            Choice("none", "Nothing", "It answers in 20 ms on average."),
            Choice("share", "Some calls", "A share of calls ends in an error, as fast as others in an answer."),
            Choice("slow", "It is slow", "Calls take much longer."),
            Choice("down", "It does not answer", "Every call runs into its timeout."),
        ),
    ),
    "failure_share": Param("Calls that fail", 0.5, "Each on its own.", group=FAILURE, low=0.0, high=1.0, step=0.05,
                           applies={"failure": ("share",)}),
    "slow_ms": Param("Calls take", 3_000.0, "On average, while it is slow.", group=FAILURE, unit="ms", low=25.0,
                     high=20_000.0, step=5.0, applies={"failure": ("slow",)}),
    "event_at_s": Param("Begins at", 10.0, "Seconds into the run.", group=FAILURE, unit="s", low=2.0, high=60.0,
                        step=1.0, applies=FAILS),
    "event_s": Param("Lasts", 20.0, "From its beginning to its end.", group=FAILURE, unit="s", low=1.0, high=60.0,
                     step=1.0, applies=FAILS),
    "offered_rps": Param("Load", 100.0, "Requests a second.", unit="/s", low=5.0, high=2_000.0, step=5.0),
    "needs_share": Param("Need the dependency", 0.4, "Share of requests that call it.", low=0.0, high=1.0, step=0.05),
    "patience_s": Param("Patience", 2.0, "Clients wait so long.", unit="s", low=0.05, high=30.0, step=0.05),
    "duration_s": Param("Length", 60.0, "Simulated seconds.", unit="s", low=10.0, high=120.0, step=5.0),
}  # fmt: skip


def conflicts(params: Params) -> Mapping[str, str]:
    """Return problems by name: a failure that the run does not outlast."""
    if float(params["event_at_s"]) + float(params["event_s"]) + 4 > float(params["duration_s"]):
        return {"duration_s": "Too short to see what comes after the failure. Let it last 4 s longer than that."}
    return {}
