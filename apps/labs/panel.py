"""What does a lab's panel show? Knobs, the bet, the run and its charts, gathered for one template."""

import uuid
from dataclasses import dataclass, field
from functools import cached_property

from apps.experiments.base import Experiment, Prediction
from apps.labs.charts import figure_json
from apps.labs.forms import GuessForm, ParamsForm
from apps.labs.models import Run, RunState
from apps.labs.units import scale, shown, shown_number
from apps.labs.verdict import verdict


@dataclass
class Panel:
    """One lab as a page shows it, with the run that it shows, if any."""

    slug: str
    experiment: Experiment
    params: ParamsForm
    guess: GuessForm
    preset: str
    run: Run | None = None
    mine: bool = False  # whether the run belongs to this browser: only then may it be stopped
    limit: str = ""  # why no run may start now
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def question(self) -> Prediction:
        """The number that is bet on."""
        return self.guess.prediction

    @property
    def asked(self) -> str:
        """The question of the chosen preset, in full."""
        return self.experiment.presets[self.preset].question

    @property
    def guess_unit(self) -> str:
        """The unit in which the bet is typed."""
        return self.guess.figure.unit

    @cached_property
    def knobs(self) -> list[tuple[str, list[dict]]]:
        """The settings by group, each with its field, range and whether it differs from the default."""
        groups: dict[str, list[dict]] = {}
        for name, param in self.experiment.params.items():
            bound = self.params[name]
            value = bound.value()
            groups.setdefault(param.group, []).append(
                {
                    "field": bound,
                    "param": param,
                    "value": _plain(value),
                    "changed": _plain(value) != _plain(param.default),
                }
            )
        return list(groups.items())

    @cached_property
    def charts(self) -> list[dict]:
        """The charts: title, the JSON for the page, and a description for those who do not see it."""
        return [
            {
                "title": chart.title,
                "json": figure_json(self.experiment, chart, self.run),
                "description": self._said(chart),
            }
            for chart in self.experiment.charts
        ]

    def _said(self, chart) -> str:
        finding = ((self.run and self.run.result) or {}).get("finding", "")
        return f"{chart.title} over time. {finding}".strip()

    @property
    def figures(self) -> list[dict]:
        """The figures of a finished run, the one that was bet on first, with guess and theory beside it."""
        result = self.run.result or {}
        declared = self.experiment.figures
        bet = self.question.figure
        shown_figures = []
        for name in sorted(result.get("figures", {}), key=lambda name: name != bet):
            value = result["figures"][name]
            role = "m" if name == bet else ""
            shown_figures.append({"label": declared[name].label, "text": shown(declared[name], value), "role": role})
            if name == bet:
                shown_figures += self._beside(name)
        return shown_figures

    def _beside(self, name: str) -> list[dict]:
        declared, beside = self.experiment.figures[name], []
        if self.run.guess and self.run.guess["figure"] == name:
            text = shown(declared, self.run.guess["value"])
            beside.append({"label": "Your guess", "text": text, "role": "g"})
        if expected := self.run.result["expected"].get(name):
            beside.append({"label": "Theory", "text": shown(declared, expected["value"]), "role": "t"})
        return beside

    @property
    def theory(self) -> list[dict]:
        """What theory says about the figures, with its tolerance and source."""
        declared = self.experiment.figures
        return [
            {
                "label": declared[name].label,
                "text": shown(declared[name], expected["value"]),
                "tolerance": shown(declared[name], expected["tolerance"]),
                "source": expected["source"],
            }
            for name, expected in (self.run.result or {}).get("expected", {}).items()
        ]

    @property
    def verdict(self) -> str:
        """The guess beside the result, in words; "" where there was no guess or no result."""
        if not (self.run and self.run.guess and self.run.result):
            return ""
        name = self.run.guess["figure"]
        measured = self.run.result["figures"].get(name)
        return verdict(self.experiment.figures[name], self.run.guess, measured) if measured is not None else ""

    @property
    def guess_text(self) -> str:
        """The stored guess as it was bet: "75 % (60 to 85 %)"."""
        guess = self.run.guess
        figure = self.experiment.figures[guess["figure"]]
        low, high = shown_number(figure, guess["low"]), shown(figure, guess["high"])
        return f"{shown(figure, guess['value'])} ({low} to {high})"

    @property
    def where(self) -> str:
        """On what the run was carried out: "Redis 6.2.14 in front of PostgreSQL 18.4 · 2 cores"."""
        passport = ((self.run and self.run.result) or {}).get("passport")
        if not passport:
            return ""
        engines = " in front of ".join(passport[name] for name in self.experiment.engines if name in passport)
        return " · ".join(filter(None, [engines, f"{passport['host']['cores']} cores", f"seed {self.run.seed}"]))

    @property
    def table(self) -> list[dict]:
        """The series as tables: one a chart, a row for each second at most, so that a long run stays readable."""
        series = (self.run and self.run.series) or {}
        return [table for chart in self.experiment.charts if (table := _table(chart, series))]

    @property
    def is_active(self) -> bool:
        """Whether the shown run waits or goes on."""
        return self.run is not None and not self.run.is_final

    @property
    def is_queued(self) -> bool:
        """Whether the shown run waits."""
        return self.run is not None and self.run.state == RunState.QUEUED


def _table(chart, series: dict) -> dict | None:
    factor = scale(chart)
    columns = [line for line in chart.lines if series.get(line.series)]
    if not columns:
        return None
    rows: dict[int, dict[str, float]] = {}
    for line in columns:
        for x, y in series[line.series]:
            rows.setdefault(int(x), {}).setdefault(line.series, y * factor)
    return {
        "title": chart.title,
        "columns": [f"{line.label}, {chart.unit}" for line in columns],
        "rows": [
            (second, [f"{rows[second].get(line.series, float('nan')):.4g}" for line in columns])
            for second in sorted(rows)
        ],
    }


def panel_for(slug: str, experiment: Experiment, data: dict) -> Panel:
    """Return the panel before a run: a preset's settings, then what the address says."""
    preset = _known_preset(experiment, data.get("preset", ""))
    chosen = experiment.presets[preset]
    asked = {name: data[name] for name in experiment.params if name in data}
    params = ParamsForm(experiment, initial={**_defaults(experiment), **chosen.params, **asked, "preset": preset})
    guess = {name: data.get(name, "") for name in ("guess", "guess_low", "guess_high")}
    return Panel(slug, experiment, params, GuessForm(experiment, chosen.predict, initial=guess), preset)


def panel_for_post(slug: str, experiment: Experiment, data) -> Panel:
    """Return the panel with what was sent, to be validated; every typed value stands in its field."""
    preset = _known_preset(experiment, data.get("preset", ""))
    skipped = data.get("bet") == "skip"
    guess = GuessForm(experiment, experiment.presets[preset].predict, data, skipped=skipped)
    return Panel(slug, experiment, ParamsForm(experiment, data), guess, preset)


def panel_for_run(experiment: Experiment, run: Run, *, mine: bool) -> Panel:
    """Return the panel that shows a run, its settings on the knobs."""
    preset = _known_preset(experiment, run.preset)
    params = ParamsForm(experiment, initial={**_defaults(experiment), **run.params, "preset": preset})
    prediction = experiment.presets[preset].predict
    return Panel(run.lab, experiment, params, GuessForm(experiment, prediction), preset, run=run, mine=mine)


def _known_preset(experiment: Experiment, asked: str) -> str:
    return asked if asked in experiment.presets else next(iter(experiment.presets))


def _plain(value: object) -> str:
    """Return a setting as it is typed: 10.0 is 10, and what was typed wrongly stays as it was."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _defaults(experiment: Experiment) -> dict:
    return {name: param.default for name, param in experiment.params.items()}
