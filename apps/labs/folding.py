"""What has a study come to so far? A fold over its runs: at each value the median and the spread of its trials.

Pure Python over plain values, so that it can be tested without a database.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.labs.scoring import score
from apps.labs.spread import QUANTILES, Points, bands, quantile, spread

CARRIED_OUT = frozenset({"done", "failed", "lost"})  # the states of runs that count as progress

Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of a study. `took_s` is how long it took (seconds), or has been going on; None before it began."""

    position: int
    trial: int
    state: str
    took_s: float | None = None
    figures: Numbers = field(default_factory=dict)
    expected: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    series: Mapping[str, Points] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a study asks: the lab, the swept parameter ("" if none) and its values, the trials, the figure, the bet."""

    slug: str
    param: str
    values: tuple[float | str, ...]
    trials: int
    figure: str
    guess: Mapping[str, Any] | None
    planned_s: float  # what one run takes if nobody has measured it yet


def fold(setup: Setup, trials: Sequence[Trial]) -> dict[str, Any]:
    """Return the study's results so far in the form of `/studies/<id>/data.json`."""
    values: tuple[float | str | None, ...] = setup.values or (None,)
    points = [_point(value, setup.figure, _at(position, trials)) for position, value in enumerate(values)]
    return {
        "slug": setup.slug,
        "param": setup.param or None,
        "values": list(setup.values),
        "trials": setup.trials,
        "figure": setup.figure,
        "points": points,
        "series": {} if setup.param else bands([trial.series for trial in trials if trial.state == "done"]),
        "guess": setup.guess,
        "score": score(setup.guess, [point["median"] for point in points]),
        "quantiles": QUANTILES,
        "state": state(trials),
        "done": sum(trial.state in CARRIED_OUT for trial in trials),
        "failed": sum(trial.state in {"failed", "lost"} for trial in trials),
        "total": len(trials),
        "left_s": left_s(trials, setup.planned_s),
    }


def state(trials: Sequence[Trial]) -> str:
    """Return queued, running, done, stopped or failed. One run that was done makes a study done; none, failed."""
    states = {trial.state for trial in trials}
    if states & {"queued", "running"}:
        return "queued" if states == {"queued"} else "running"
    if "stopped" in states:
        return "stopped"
    return "done" if "done" in states else "failed"


def left_s(trials: Sequence[Trial], planned_s: float) -> float:
    """Return about how many seconds the rest takes, from how long the others took; 0 when nothing is left.

    As many runs as go on now are taken to go on at once: one for each lab worker.
    """
    took = [trial.took_s for trial in trials if trial.state in CARRIED_OUT and trial.took_s is not None]
    each = math.fsum(took) / len(took) if took else planned_s
    running = [trial for trial in trials if trial.state == "running"]
    rest = sum(trial.state == "queued" for trial in trials) * each
    rest += sum(max(1.0, each - (trial.took_s or 0.0)) for trial in running)
    return round(rest / max(1, len(running)), 1)


def _at(position: int, trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.position == position]


def _point(value: float | str | None, figure: str, trials: Sequence[Trial]) -> dict[str, Any]:
    """Return one value's results. A figure that some trials lack is told of those that have it: `n` says how many."""
    done = [trial for trial in trials if trial.state == "done"]
    names = dict.fromkeys(name for trial in done for name in trial.figures)
    measured = {name: [trial.figures[name] for trial in done if name in trial.figures] for name in names}
    return {
        "value": value,
        "n": len(measured.get(figure, ())),
        **spread(measured.get(figure, ())),
        "failed": sum(trial.state in {"failed", "lost"} for trial in trials),
        "expected": _expected(figure, done),
        "figures": {name: spread(found) for name, found in measured.items()},
    }


def _expected(figure: str, done: Sequence[Trial]) -> dict[str, Any] | None:
    """Return the median of what theory says in each trial: it is computed with what each of them measured."""
    theories = [trial.expected[figure] for trial in done if figure in trial.expected]
    if not theories:
        return None
    return {
        "value": quantile((theory["value"] for theory in theories), 0.5),
        "tolerance": quantile((theory["tolerance"] for theory in theories), 0.5),
        "source": theories[0]["source"],
    }
