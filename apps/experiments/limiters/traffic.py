"""When do the requests come? Five kinds of traffic, as whole microseconds from the start of the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from apps.experiments.limiters.settings import SECOND, Settings
from apps.experiments.openloop import poisson_schedule

Micros = NDArray[np.int64]
SPIKE_S = 1.0
LATE_RATHER_THAN_EARLY = 0.25  # of a gap: a client starts late, so what is due before an edge gets the longer run-up


def arrivals(settings: Settings, random: np.random.Generator) -> Micros:
    """Return when each request is due, in order."""
    due = KINDS[settings.traffic](settings, random)
    return due[due < settings.duration_s * SECOND]


def _steady(settings: Settings, random: np.random.Generator) -> Micros:
    return _even(settings.offered_rps, 0.0, settings.duration_s)


def _poisson(settings: Settings, random: np.random.Generator) -> Micros:
    return (poisson_schedule(settings.offered_rps, settings.duration_s, random) * SECOND).astype(np.int64)


def _boundary_burst(settings: Settings, random: np.random.Generator) -> Micros:
    """Return bursts of twice the limit, half before and half after every other edge of the window."""
    places = np.arange(2 * settings.limit) - settings.limit + LATE_RATHER_THAN_EARLY
    offsets = np.floor(places * SECOND / settings.offered_rps).astype(np.int64)
    last = int(settings.duration_s * SECOND) + settings.window_us
    edges = np.arange(settings.window_us, last, 2 * settings.window_us)
    bursts: Micros = (edges[:, None] + offsets[None, :]).ravel()
    return bursts


def _on_off(settings: Settings, random: np.random.Generator) -> Micros:
    """Return even arrivals in every other window, beginning with the first, and none between."""
    due = _even(settings.offered_rps, 0.0, settings.duration_s)
    on: Micros = due[due // settings.window_us % 2 == 0]
    return on


def _spike(settings: Settings, random: np.random.Generator) -> Micros:
    """Return half the limit, but the offered rate for one second after a third of the run."""
    begins = settings.duration_s / 3
    calm = settings.limit_rps / 2
    return np.concatenate([
        _even(calm, 0.0, begins),
        _even(settings.offered_rps, begins, begins + SPIKE_S),
        _even(calm, begins + SPIKE_S, settings.duration_s),
    ])  # fmt: skip


def _even(rate: float, since: float, until: float) -> Micros:
    count = int(np.ceil((until - since) * rate - 1e-9))
    due: Micros = np.floor(since * SECOND + np.arange(count) * (SECOND / rate) + 1e-6).astype(np.int64)
    return due


KINDS: Mapping[str, Callable[[Settings, np.random.Generator], Micros]] = {
    "steady": _steady,
    "poisson": _poisson,
    "boundary-burst": _boundary_burst,
    "on-off": _on_off,
    "spike": _spike,
}
