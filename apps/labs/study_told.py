"""What does a study say? Its charts, what it found beside the guess, and its figures with the runs behind them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apps.experiments.base import Experiment, Figure, Prediction
from apps.experiments.params import Param
from apps.labs.models import Run, Study
from apps.labs.provenance import provenance, servers
from apps.labs.questions import prediction_of
from apps.labs.results import theory_told
from apps.labs.study_charts import sweep_json
from apps.labs.trial_charts import trials_json
from apps.labs.units import shown, shown_number
from apps.labs.verdict import curve_verdict, verdict
from apps.labs.wording import in_words, plain


@dataclass(frozen=True)
class StudyTold:
    """A study in words and charts. `folded` is what its runs have come to so far (see `folding.fold`)."""

    study: Study
    experiment: Experiment
    folded: dict[str, Any]
    runs: list[Run]

    @property
    def figure(self) -> Figure:
        """The figure that it is about."""
        return self.experiment.figures[self.folded["figure"]]

    @property
    def param(self) -> Param | None:
        """The swept setting, None if none is."""
        return self.experiment.params.get(self.study.param)

    @property
    def prediction(self) -> Prediction:
        """What was to be bet on."""
        return prediction_of(self.experiment, self.study.preset, self.study.challenge)

    @property
    def measured(self) -> list[dict]:
        """The points that have a result."""
        return [point for point in self.folded["points"] if point["median"] is not None]

    @cached_property
    def passport(self) -> dict | None:
        """The passport of a run of it that was done, None before the first."""
        return next((run.result["passport"] for run in self.runs if run.result), None)

    @property
    def where(self) -> str:
        """On what it was carried out."""
        return servers(self.experiment, self.passport)

    @property
    def source(self) -> str:
        """Where its figures come from, in one line."""
        seeds = [run.seed for run in self.runs]
        return provenance(self.experiment, passport=self.passport, trials=self.folded["trials"], seeds=seeds)

    @property
    def title(self) -> str:
        """What it asks, in a few words."""
        trials = self.folded["trials"]
        return (
            f"{self.figure.label} against {self.param.label}" if self.param else f"{trials} trials of the same settings"
        )

    @property
    def finding(self) -> str:
        """What it found, in a sentence; "" before the first result."""
        if not self.measured:
            return ""
        first, last = self.measured[0], self.measured[-1]
        if not self.param:
            return self._spread_found(first)
        if first is last:
            return f"{self.figure.label} is {self._at(first)}."
        return f"{self.figure.label} goes from {self._at(first)} to {self._at(last)}."

    def _at(self, point: dict) -> str:
        return f"{shown(self.figure, point['median'])} at {self.param.label} {in_words(self.param, point['value'])}"

    def _spread_found(self, point: dict) -> str:
        if point["n"] < 2:
            return f"{self.figure.label} is {shown(self.figure, point['median'])} in the first trial."
        spread = f"{shown_number(self.figure, point['p5'])} to {shown(self.figure, point['p95'])}"
        return f"{self.figure.label} is {shown(self.figure, point['median'])}; the trials spread from {spread}."

    @property
    def verdict(self) -> str:
        """The guess beside the results, in words; "" where there is no guess or no result yet."""
        guess, score = self.folded["guess"], self.folded.get("score")
        if not (guess and score):
            return ""
        return curve_verdict(score) if "curve" in guess else verdict(self.figure, guess, self.measured[0]["median"])

    @cached_property
    def charts(self) -> list[dict]:
        """Its charts: title, the JSON for the page, and a description for those who do not see it."""
        if self.param:
            return [self._chart(self.title, sweep_json(self.experiment, self.prediction, self.folded))]
        return [
            self._chart(chart.title, trials_json(self.experiment, chart, self.folded, self.study.params))
            for chart in self.experiment.charts
        ]

    def _chart(self, title: str, drawn: str) -> dict:
        said = f"{title}, median of {self.folded['trials']} trials. {self.finding}".strip()
        return {"title": title, "json": drawn, "description": said}

    @property
    def what_is_drawn(self) -> str:
        """What lines and bands mean, for the line above the chart."""
        trials = self.folded["trials"]
        if trials == 1:
            return "One trial at each value"
        return f"Median of {trials} trials; band: 5th to 95th percentile"

    @property
    def figures(self) -> list[dict]:
        """Every figure at every value: median and spread, the one that was asked for first."""
        names = dict.fromkeys([self.folded["figure"], *(name for point in self.measured for name in point["figures"])])
        return [
            {
                "label": self.experiment.figures[name].label,
                "cells": [
                    _cell(self.experiment.figures[name], point["figures"].get(name)) for point in self.folded["points"]
                ],
            }
            for name in names
        ]

    @property
    def columns(self) -> list[dict]:
        """The heads of that table: each swept value, or the trials as a whole, with the runs behind it."""
        return [
            {
                "label": in_words(self.param, point["value"]) if self.param else f"{self.folded['trials']} trials",
                "runs": [run for run in self.runs if run.position == number],
            }
            for number, point in enumerate(self.folded["points"])
        ]

    @property
    def theory(self) -> list[dict]:
        """What theory says at the first value that it says something about; the chart has the rest."""
        expected = [point["expected"] for point in self.folded["points"] if point["expected"]]
        return theory_told(self.experiment, {self.folded["figure"]: expected[0]}) if expected else []

    @property
    def settings(self) -> list[tuple[str, str]]:
        """The settings that differ from the lab's own, without the swept one."""
        return [
            (param.label, in_words(param, self.study.params[name]))
            for name, param in self.experiment.params.items()
            if name in self.study.params and name != self.study.param
            if plain(self.study.params[name]) != plain(param.default)
        ]


def _cell(figure: Figure, spread: dict | None) -> str:
    if not spread or spread["median"] is None:
        return "–"
    middle = shown(figure, spread["median"])
    ends = f"{shown_number(figure, spread['p5'])} to {shown_number(figure, spread['p95'])}"
    return middle if spread["p5"] == spread["p95"] else f"{middle} ({ends})"
