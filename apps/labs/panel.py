"""What does a lab's panel show? Knobs, the bet, the run and its charts, gathered for one template."""

import uuid
from dataclasses import dataclass, field
from functools import cached_property

from apps.accounts.models import Learner
from apps.experiments.base import Experiment, Prediction
from apps.experiments.params import ParamsError
from apps.labs.challenges import ChallengeTold, Try, try_of
from apps.labs.charts import figure_json
from apps.labs.compare_charts import over
from apps.labs.costs import OVERHEAD_S, planned_s
from apps.labs.curve_form import CurveForm
from apps.labs.filming import FilmTold
from apps.labs.forms import GuessForm, ParamsForm
from apps.labs.knobs import Group, knob_groups
from apps.labs.models import Run, RunState
from apps.labs.next_steps import NextSteps
from apps.labs.provenance import passport_told, provenance, servers
from apps.labs.results import figures_told, guess_told, theory_told
from apps.labs.sketch import Sketch
from apps.labs.strip import Row, strip
from apps.labs.tables import tables
from apps.labs.verdict import verdict


@dataclass
class Panel:
    """One lab as a page shows it, with the run that it shows, if any."""

    slug: str
    experiment: Experiment
    params: ParamsForm
    guess: GuessForm | CurveForm
    preset: str
    run: Run | None = None
    mine: bool = False  # whether the run belongs to this browser: only then may it be stopped
    limit: str = ""  # why no run may start now
    challenge: str = ""  # the one that is tried: it fixes settings, and asks for no bet
    learner: Learner | None = None  # who looks: only one's own tries are listed
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
    def knobs(self) -> list[Group]:
        """The settings by group, each with its field, its range, whether it was changed and whether it matters."""
        fixed = self.tried.kept if self.tried else {}
        return knob_groups(self.params, swept=self.sketch.form.param if self.sketch else "", fixed=fixed)

    @property
    def challenges(self) -> list[ChallengeTold]:
        """Every challenge of the lab, with the looker's tries."""
        return [
            ChallengeTold(name, challenge, self.experiment, self.slug, self.learner)
            for name, challenge in self.experiment.challenges.items()
        ]

    @cached_property
    def tried(self) -> ChallengeTold | None:
        """The challenge that is tried; None if none is."""
        return next((told for told in self.challenges if told.name == self.challenge), None)

    @cached_property
    def outcome_of_try(self) -> Try | None:
        """How the shown run did at the challenge that it tried."""
        return try_of(self.experiment, self.run)

    @cached_property
    def sketch(self) -> Sketch | None:
        """The curve that is bet on, None where the bet is a number."""
        trials = self.params.data.get("trials") or "1"
        return Sketch(self.guess, self.experiment, trials) if isinstance(self.guess, CurveForm) else None

    @property
    def result(self) -> dict:
        """What the run came to; nothing before its end."""
        return (self.run and self.run.result) or {}

    @cached_property
    def charts(self) -> list[dict]:
        """The charts that have something to show: title, JSON for the page, a description for those who do not see."""
        return [
            {
                "title": chart.title,
                "json": figure_json(self.experiment, chart, self.run),
                "description": f"{chart.title}{over(chart)}. {self.result.get('finding', '')}".strip(),
            }
            for chart in self.experiment.charts
            if not self.result or any((self.run.series or {}).get(line.series) for line in chart.lines)
        ]

    @cached_property
    def film(self) -> FilmTold | None:
        """The film of the finished run; None if it has none."""
        return FilmTold(self.run.film) if self.result and self.run.film else None

    @cached_property
    def figures(self) -> list[dict]:
        """The figures of a finished run, the one that was bet on first, with guess and theory beside it."""
        return figures_told(self.experiment, self.result, self.run.guess, self.question.figure)

    @cached_property
    def strip(self) -> list[Row]:
        """Guess, theory and result on one scale, where the figure has no line over time."""
        return strip(self.experiment, self.question, self.result, self.run.guess)

    @property
    def theory(self) -> list[dict]:
        """What theory says about the figures, with its tolerance and source, and whether the result lies within."""
        return theory_told(self.experiment, self.result.get("expected", {}), self.result.get("figures", {}))

    @property
    def theories_held(self) -> int:
        """How many figures lie where theory says, give or take its tolerance."""
        return sum(theory["holds"] for theory in self.theory)

    @property
    def verdict(self) -> str:
        """The guess beside the result, in words; "" where there was no guess or no result."""
        guess = self.run.guess if self.run else None
        measured = self.result.get("figures", {}).get(guess["figure"]) if guess and "value" in guess else None
        return verdict(self.experiment.figures[guess["figure"]], guess, measured) if measured is not None else ""

    @property
    def guess_text(self) -> str:
        """The stored guess as it was bet."""
        guess = self.run.guess
        return guess_told(self.experiment.figures[guess["figure"]], guess) if guess else ""

    @property
    def where(self) -> str:
        """On what the run was carried out: "Redis 6.2.14 in front of PostgreSQL 18.4 · 2 cores"."""
        passport = self.result.get("passport") or {}
        cores = passport.get("host", {}).get("cores")
        return " · ".join(filter(None, [servers(self.experiment, passport), cores and f"{cores} cores"]))

    @property
    def source(self) -> str:
        """Where the figures come from: "measured · Redis 6.2.14 · 2 cores · 1 trial · seed 7"."""
        passport = self.result.get("passport")
        seeds = [self.run.seed] if self.run else []
        return provenance(self.experiment, passport=passport, trials=1, seeds=seeds) if self.run else ""

    @property
    def passport(self) -> list[tuple[str, str]]:
        """Under which conditions the finished run was made, line by line."""
        return passport_told(self.experiment, self.run)

    @property
    def table(self) -> list[dict]:
        """The series as tables: one a chart."""
        return tables(self.experiment, (self.run and self.run.series) or {})

    @cached_property
    def next_steps(self) -> NextSteps | None:
        """What may be done after a run that came to something."""
        return NextSteps(self.experiment, self.run, self.question.figure) if self.result else None

    @property
    def sweep_cost(self) -> str:
        """How long the sweep takes, in words; "" for settings that are refused anyway."""
        form = self.sketch.form
        try:
            params = self.experiment.clean({name: self.params[name].value() for name in self.experiment.params})
        except ParamsError:
            return ""
        seconds = sum(planned_s(self.slug, {**params, form.param: value}) + OVERHEAD_S for value in form.values)
        return f"{len(form.values)} runs, one trial at each value: about {seconds:.0f} s."

    @property
    def is_active(self) -> bool:
        """Whether the shown run waits or goes on."""
        return self.run is not None and not self.run.is_final

    @property
    def is_queued(self) -> bool:
        """Whether the shown run waits."""
        return self.run is not None and self.run.state == RunState.QUEUED
