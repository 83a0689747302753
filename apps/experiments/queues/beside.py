"""What does a measured queue end with? Its figures, the model's beside them, and why the two differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from apps.experiments.base import Expected, Outcome
from apps.experiments.queues.caveats import caveats_of_measured
from apps.experiments.queues.expectation import expected
from apps.experiments.queues.figures import intervals
from apps.experiments.queues.film import film
from apps.experiments.queues.gap import gap
from apps.experiments.queues.real import Measured
from apps.experiments.queues.replay import Waits, as_log, crowd_of, log_as_measured, model_log, waits_of
from apps.experiments.queues.settings import NAME, Settings
from apps.simulator.run import simulate
from apps.simulator.statistics import BATCHES
from apps.simulator.streams import Floats

MOST_CUSTOMERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Chance:
    """How far one run of this length may be from the true mean, in 95 of 100 runs, and theory with that tolerance."""

    intervals: Mapping[str, float]
    expected: Mapping[str, Expected]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same requests three times: measured, in the model, and in the model with the services as measured."""

    settings: Settings
    measured: Measured
    log: Floats
    model: Floats
    as_measured: Floats

    @classmethod
    def of(cls, settings: Settings, measured: Measured, seed: int) -> Comparison:
        """Return the comparison; the model draws from the same seed as the run."""
        model = model_log(settings, seed, len(measured.due))
        return cls(settings, measured, as_log(measured), model, log_as_measured(settings, measured))

    def outcome(self, seed: int) -> Outcome:
        """Return what the run ends with."""
        settings, measured = self.settings, self.measured
        waits, model, served_alike = waits_of(self.log), waits_of(self.model), waits_of(self.as_measured)
        chance = spread_of_one_run(settings, waits.service, len(self.log))
        return Outcome(
            figures=self._figures(waits, model, chance),
            expected=chance.expected if chance else {},
            intervals=chance.intervals if chance else {},
            caveats=tuple(caveats_of_measured(settings, measured, waits.service)),
            placement=measured.placement,
            generator_bound=measured.late,
            film=film(settings, self.log, len(self.log)),
            model=f"{kendall(settings)}, the same arrivals and work in the simulator, seed {seed}",
            gap=gap(settings, measured, waits, model, served_alike),
        )

    def _figures(self, waits: Waits, model: Waits, chance: Chance | None) -> dict[str, float]:
        mean_queue, utilisation = crowd_of(self.log, self.settings.servers)
        figures = {
            "mean_wait_ms": waits.mean * 1e3,
            "p99_wait_ms": waits.p99 * 1e3,
            "mean_response_ms": waits.response * 1e3,
            "mean_queue": mean_queue,
            "utilisation": utilisation,
            "service_ms": waits.service * 1e3,
            "model_wait_ms": model.mean * 1e3,
            "model_p99_wait_ms": model.p99 * 1e3,
        }
        return figures | ({"interval_ms": chance.intervals["mean_wait_ms"]} if chance else {})


def spread_of_one_run(settings: Settings, service_s: float, customers: int) -> Chance | None:
    """Return what chance does in a run of so many requests; None if the line grows without end.

    The simulator tells: of a run twenty times as long each batch is a run of this length. The service is the one that
    was measured, for that is what the server did.
    """
    utilisation = settings.rate * service_s / settings.servers
    served = replace(settings, mean_service_ms=service_s * 1e3, utilisation=utilisation)
    if not served.stable:
        return None
    length = min(MOST_CUSTOMERS, customers * BATCHES)
    station = simulate(served.network(), customers=length, seed=0).stations[NAME]
    wider = (BATCHES * customers * BATCHES / length) ** 0.5
    theory = {
        name: replace(each, tolerance=each.tolerance * wider, source=f"{each.source}, with the service as measured")
        for name, each in expected(served, station).items()
    }
    return Chance({name: width * wider for name, width in intervals(station).items()}, theory)


def kendall(settings: Settings) -> str:
    """Return the queue in Kendall's letters: "M/D/1"."""
    service = {"exponential": "M", "deterministic": "D"}.get(settings.service, "G")
    arrivals = {"poisson": "M", "deterministic": "D"}.get(settings.arrivals, "G")
    return f"{arrivals}/{service}/{settings.servers}"
