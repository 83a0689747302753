"""Do the lessons' claims hold? Each is put to its lab, with the claim's own settings and a fixed seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from apps.content.claims import Claim
from apps.content.library import read_library
from apps.experiments.bench import Bench
from apps.experiments.registry import experiments
from apps.experiments.runner import run_experiment

SEED = 20261120  # fixed, so that a failure can be repeated


@dataclass(frozen=True, slots=True)
class Verdict:
    """One claim beside what its lab measured, in the figure's own unit."""

    lesson: str
    claim: Claim
    measured: float

    @property
    def holds(self) -> bool:
        """Whether the measurement confirms the claim."""
        return self.claim.holds(self.measured)

    def __str__(self):
        sign = "holds " if self.holds else "BROKEN"
        claim = self.claim
        within = f" ± {claim.tolerance:g}" if claim.tolerance is not None else ""
        stated = f"{claim.figure} {claim.operator} {claim.value:g}{within}"
        return f"{sign} {self.lesson}:{claim.line}: {stated}, measured {self.measured:.4g}"


def claims_of(directory: Path) -> Iterator[tuple[str, Claim]]:
    """Yield every claim that a lab of today can check, with the file of its lesson."""
    labs, library = experiments(), read_library(directory)
    for file in library.lessons:
        for claim in file.render(labs, library.names).claims:
            if claim.lab in labs:
                yield file.shown, claim


def is_timed(claim: Claim) -> bool:
    """Return whether a claim's run measures time; one that does not is quick and wants no calm machine."""
    lab = experiments()[claim.lab]
    return lab.kind_of(lab.clean(claim.params)) == "measured"


def verify(directory: Path, bench: Bench, *, timed: bool = True) -> Iterator[Verdict]:
    """Yield the verdict on each claim, as it is measured; without `timed`, on the quick ones only.

    Raises ExperimentError if an engine is absent.
    """
    for lesson, claim in claims_of(directory):
        if is_timed(claim) and not timed:
            continue
        result = run_experiment(
            claim.lab, claim.params, seed=SEED, bench=bench, on_sample=lambda _: None, should_stop=lambda: False
        )
        yield Verdict(lesson, claim, result.outcome.figures[claim.figure])
