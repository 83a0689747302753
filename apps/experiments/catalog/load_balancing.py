"""Which server should take the next request, and what does it cost to choose badly?"""

from __future__ import annotations

from apps.experiments.balancers.challenge import CHALLENGES
from apps.experiments.balancers.finding import finding
from apps.experiments.balancers.measure import run
from apps.experiments.balancers.presets import PRESETS
from apps.experiments.balancers.settings import BY_CLIENT, conflicts
from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.params import Choice, Param

EVENTS = ("server-down", "server-stuck", "server-added")

PARAMS = {
    "algorithm": Param(
        "Algorithm",
        "random",
        "How the balancer chooses a server.",
        group="Balancer",
        choices=(
            Choice("random", "Random", "Any, by chance."),
            Choice("round-robin", "Round robin", "One after the other."),
            Choice("weighted", "Weighted round robin", "In turn, a faster one more often; it is told which."),
            Choice("least-connections", "Least connections", "The one with the fewest open requests."),
            Choice("two-choices", "Two choices", "Of two at random, the one with fewer open requests."),
            Choice("ip-hash", "Hash of the client", "Hash mod n: a client always comes to the same server."),
            Choice("consistent-hash", "Consistent hashing", "As before, by a ring with 100 points a server."),
        ),
    ),
    "clients": Param("Clients", 1_000, "How many different ones there are.", group="Balancer", low=1, high=100_000,
                     step=1, applies={"algorithm": BY_CLIENT}),
    "client_skew": Param("Skew", 0.0, "Zipf exponent: 0 all clients alike, 1 a few send much.", group="Balancer",
                         low=0.0, high=2.0, step=0.1, applies={"algorithm": BY_CLIENT}),
    "servers": Param("Servers", 10, "Each with a line of its own. Up to 16 are filmed.", group="Servers", low=1,
                     high=128, step=1),
    "slow_servers": Param("Slow ones", 0, "How many of them are slow.", group="Servers", low=0, high=128, step=1),
    "slow_factor": Param("Times as slow", 4.0, "How much longer a slow one takes.", group="Servers", low=1.0,
                         high=20.0, step=0.25),
    "service": Param(
        "Service times",
        "exponential",
        "How much services differ.",
        group="Servers",
        choices=(
            Choice("exponential", "Exponential", "Most are short, some long: they vary as much as their mean."),
            Choice("deterministic", "All alike", "Each takes exactly the mean."),
            Choice("lognormal", "Log-normal", "As real services: the deviation is twice the mean."),
            Choice("pareto", "Pareto", "A heavy tail: a few carry much of the work."),
        ),
    ),
    "mean_service_ms": Param("Service", 10.0, "What a request takes on average, if the server is not slow.",
                             group="Servers", unit="ms", low=0.1, high=1_000.0, step=0.1),
    "queue_limit": Param("Line limit", 0, "Who finds so many in line is dropped; 0: no limit.", group="Servers", low=0,
                         high=1_000, step=1),
    "utilisation": Param("Utilisation", 0.8, "Share of what all servers together can do, before any event.",
                         low=0.05, high=1.5, step=0.05),
    "duration_s": Param("Length", 60.0, "Simulated seconds.", unit="s", low=2.0, high=120.0, step=1.0),
    "event": Param(
        "Event",
        "none",
        "What happens to a server.",
        group="Event",
        choices=(
            Choice("none", "None"),
            Choice("server-down", "One goes down", "It refuses at once whatever comes."),
            Choice("server-stuck", "One gets stuck", "It takes requests and does not answer."),
            Choice("server-added", "One is added"),
        ),
    ),
    "event_at_s": Param("At", 20.0, "Second of the event.", group="Event", unit="s", low=0.0, high=120.0, step=1.0,
                        applies={"event": EVENTS}),
    "noticed_s": Param("Noticed after", 10.0, "Until then the balancer goes on sending requests there.", group="Event",
                       unit="s", low=0.0, high=60.0, step=0.5, applies={"event": ("server-down", "server-stuck")}),
}  # fmt: skip

FIGURES = {
    "mean_ms": Figure("Mean time", "ms", "From coming to the answer, of requests that were answered. The first tenth "
                      "of the run is left out of all figures."),
    "p50_ms": Figure("Half of them", "ms", "Half of the requests took less."),
    "p99_ms": Figure("Slowest hundredth", "ms", "99 of 100 took less."),
    "max_over_mean_load": Figure("Busiest server", "×", "Requests sent to it over those to a mean server."),
    "dropped": Figure("Dropped", "%", "Share of the requests that got no answer."),
    "longest_line": Figure("Longest line", "", "Most requests that waited at one server at a time."),
    "utilisation": Figure("Utilisation", "%", "Share of the servers' time that was used, a mean server."),
}  # fmt: skip

CHARTS = (
    Chart("Time of a request",
          (Line("latency_ms", "Mean of the moment"), Line("random_ms", "Random: M/M/1 each", role="theory"),
           Line("pooled_ms", "One common line: M/M/n", role="theory")), "ms", figures=("mean_ms", "p99_ms")),
    Chart("Waiting at a server",
          (Line("queue_fullest", "Longest line"), Line("queue_mean", "Mean line"),
           Line("queue_slow", "Mean line of the slow")), "", figures=("longest_line",)),
    Chart("Requests of each server, in fair shares",
          (Line("load", "Sent"), Line("load_theory", "As dealt", role="theory")), "×",
          figures=("max_over_mean_load",), shape="bars", x="server"),
    Chart("Mean line of each server", (Line("line", "Waiting"),), "", shape="bars", x="server"),
    Chart("Dropped", (Line("dropped_rps", "Requests without an answer"),), "/s"),
)  # fmt: skip

experiment = Experiment(
    title="Load balancing",
    question=__doc__,
    kind="simulated",
    concepts=("load-balancing", "queueing", "health-checks"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    model="requests through one balancer to servers with a line each",
    caution="A model: one balancer that knows its own open requests at once, no network between, nobody gives up or "
    "tries again. Several balancers each see a part, and least connections then herds.",
    challenges=CHALLENGES,
    topic="Queues and servers",
)
