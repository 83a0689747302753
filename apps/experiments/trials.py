"""How far does one run differ from the next? The same settings with several seeds, told by their medians."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median

from apps.experiments.runner import Result, find_experiment


def summarise(results: Sequence[Result]) -> Result:
    """Return one result for trials with seeds that follow each other: the first one's, with median figures.

    A figure that some trials lack (a recovery that never came) is the median of those that have it. Theory is
    the median as well, for it is computed with what each trial measured; so is its tolerance. What is said of one
    run only, its intervals and why a model differs from it, is left out where there are several.
    """
    first = results[0]
    theories = {name: theory for result in reversed(results) for name, theory in result.outcome.expected.items()}
    outcome = replace(
        first.outcome,
        figures=medians(result.outcome.figures for result in results),
        expected={
            name: replace(
                theory,
                value=median(_present(results, name, "value")),
                tolerance=median(_present(results, name, "tolerance")),
            )
            for name, theory in theories.items()
        },
        caveats=one_of_each(caveat for result in results for caveat in result.outcome.caveats),
        intervals=first.outcome.intervals if len(results) == 1 else {},
        gap=first.outcome.gap if len(results) == 1 else "",
        generator_bound=any(result.outcome.generator_bound for result in results),
    )
    return replace(
        first,
        outcome=outcome,
        finding=find_experiment(first.slug).finding(first.params, outcome),
        passport={
            **first.passport,
            "trials": len(results),
            "duration_s": round(sum(result.passport["duration_s"] for result in results), 2),
            "load_after": results[-1].passport["load_after"],
            "busy_during": max((result.passport.get("busy_during") or 0.0 for result in results), default=0.0),
        },
    )


def medians(several: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the median of each figure over those that have it."""
    values: dict[str, list[float]] = {}
    for figures in several:
        for name, value in figures.items():
            values.setdefault(name, []).append(value)
    return {name: median(found) for name, found in values.items()}


def one_of_each(caveats: Iterable[str]) -> tuple[str, ...]:
    """Return the first of those caveats that differ in nothing but their numbers."""
    kinds: dict[str, str] = {}
    for caveat in caveats:
        kinds.setdefault(re.sub(r"[\d.,]+", "#", caveat), caveat)
    return tuple(kinds.values())


def _present(results: Sequence[Result], name: str, part: str) -> list[float]:
    return [getattr(result.outcome.expected[name], part) for result in results if name in result.outcome.expected]
