"""What does not go together in a queueing run? Nothing in a simulated one; a real server has limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil

from apps.experiments.params import Params
from apps.experiments.queues.settings import SERVERS, Settings

LEAST_MS, MOST_MS = 1.0, 50.0  # below, a round trip is much of it; above, a few seconds hold too few requests
MOST_PER_S = 2_000.0  # that our generator starts on time
LEAST_REQUESTS = 100  # of which the slowest hundredth is one
LONGEST_S = 120.0
MOST_WORKERS = 64  # of the hundred connections that PostgreSQL allows


def conflicts(params: Params) -> Mapping[str, str]:
    """Return what cannot be, by parameter, with what to change."""
    settings = Settings.of(params)
    return dict(_of_a_real_server(settings)) if settings.real else {}


def _of_a_real_server(settings: Settings) -> Iterator[tuple[str, str]]:
    name = SERVERS[settings.engine]
    if settings.engine == "redis" and settings.servers > 1:
        yield "servers", "Redis carries out one script after the other. Use 1, or engine=postgres."
    if settings.servers > MOST_WORKERS:
        yield "servers", f"Each is a connection to {name}. Use {MOST_WORKERS} or fewer, or engine=simulated."
    if settings.discipline != "fifo":
        yield "discipline", f"The line before {name} is first come, first served. Use fifo, or engine=simulated."
    if not LEAST_MS <= settings.mean_service_ms <= MOST_MS:
        yield (
            "mean_service_ms",
            f"{name} cannot be told a time so exactly, or too few would be served. Use {LEAST_MS:g} to {MOST_MS:g} ms, "
            "or engine=simulated.",
        )
    elif settings.rate > MOST_PER_S:
        yield (
            "servers",
            f"{settings.rate:,.0f} requests a second would come, more than our generator can start on time. Use "
            f"{int(MOST_PER_S * settings.service_s / settings.utilisation)} servers or fewer, or longer services.",
        )
    elif settings.rate * settings.duration_s < LEAST_REQUESTS:
        yield "duration_s", _too_few(settings)


def _too_few(settings: Settings) -> str:
    enough_s = ceil(LEAST_REQUESTS / settings.rate)
    instead = f"{enough_s} s or more, or " if enough_s <= LONGEST_S else ""
    return (
        f"Only {settings.rate * settings.duration_s:.0f} requests would come, too few for a slowest hundredth. "
        f"Use {instead}a higher utilisation, or shorter services."
    )
