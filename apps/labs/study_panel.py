"""What does the page of a study show? Its results so far, how far it is, and what may be done, for one template."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from apps.experiments.base import Experiment, Figure, Prediction
from apps.labs.models import Run, RunState, Study
from apps.labs.panel import Panel
from apps.labs.questions import prediction_of
from apps.labs.results import guess_told
from apps.labs.studies import folded, runs_of
from apps.labs.study_forms import study_forms
from apps.labs.study_told import StudyTold
from apps.labs.units import shown
from apps.labs.waiting import Waiting, waiting


@dataclass
class StudyPanel:
    """One study as a page shows it. `folded` holds all results, in the form of `/studies/<id>/data.json`."""

    study: Study
    experiment: Experiment
    runs: list[Run]  # in the order in which they are carried out
    mine: bool = False  # whether the study belongs to this browser: only then may it be stopped
    key: uuid.UUID = field(default_factory=uuid.uuid4)  # of a form that starts another

    @property
    def slug(self) -> str:
        """The lab."""
        return self.study.lab

    @cached_property
    def folded(self) -> dict:
        """What the study has come to so far."""
        return folded(self.study, self.runs)

    @property
    def preset(self) -> str:
        """The question that the study asks, "" if it tries a challenge; the lab's first one if neither is the lab's."""
        presets = self.experiment.presets
        if self.challenge:
            return ""
        return self.study.preset if self.study.preset in presets else next(iter(presets))

    @property
    def challenge(self) -> str:
        """The challenge of the lab whose try is repeated; "" if none is."""
        return self.study.challenge if self.study.challenge in self.experiment.challenges else ""

    @property
    def asked(self) -> str:
        """The question in full, or the title of the challenge."""
        tried = self.experiment.challenges.get(self.challenge)
        return f"Challenge: {tried.title}" if tried else self.experiment.presets[self.preset].question

    @property
    def question(self) -> Prediction:
        """What is bet on."""
        return prediction_of(self.experiment, self.study.preset, self.study.challenge)

    @cached_property
    def told(self) -> StudyTold:
        """What it says: charts, finding and verdict, tables."""
        return StudyTold(self.study, self.experiment, self.folded, self.runs)

    @property
    def figure(self) -> Figure:
        """The figure that was bet on."""
        return self.experiment.figures[self.folded["figure"]]

    @property
    def param(self):
        """The swept parameter; None if nothing is swept."""
        return self.experiment.params.get(self.study.param)

    @property
    def is_active(self) -> bool:
        """Whether a run waits or goes on: then the page asks again every 2 s."""
        return self.folded["state"] in ("queued", "running")

    @property
    def version(self) -> str:
        """What changes when the page does. `/studies/<id>/?seen=<version>` answers 204 while it is the same."""
        return version_of([run.state for run in self.runs], self.waiting)

    @property
    def share_done(self) -> float:
        """How much is done, 0 to 1."""
        return self.folded["done"] / max(1, self.folded["total"])

    @property
    def left_s(self) -> float:
        """About how many seconds until its last run has ended, those before its first included."""
        return self.folded["left_s"] + (self.waiting.seconds if self.waiting else 0)

    @cached_property
    def waiting(self) -> Waiting | None:
        """What stands before the first run; None once it has begun."""
        return waiting(self.runs[0]) if self.folded["state"] == "queued" else None

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why runs failed or were lost, each reason once with how many they are."""
        failed = (run.reason for run in self.runs if run.state in (RunState.FAILED, RunState.LOST))
        return Counter(failed).most_common()

    @property
    def first_failed(self) -> str:
        """Why the first of the failed runs failed; "" if none did."""
        return next((run.reason for run in self.runs if run.state in (RunState.FAILED, RunState.LOST)), "")

    @property
    def guess_text(self) -> str:
        """The stored bet in words."""
        return guess_told(self.figure, self.study.guess)

    @cached_property
    def beside(self) -> list[dict[str, str]]:
        """What stands beside each median: theory and the guess, as texts; "" if none."""
        curve = [y for _, y in (self.study.guess or {}).get("curve", [])]
        guesses = curve or [None] * len(self.folded["points"])
        return [
            {"expected": self._text(point["expected"] and point["expected"]["value"]), "guess": self._text(guess)}
            for point, guess in zip(self.folded["points"], guesses, strict=True)
        ]

    def _text(self, value: float | None) -> str:
        return "" if value is None else shown(self.figure, value)


def version_of(states, waiting: Waiting | None) -> str:
    """Return a short text for the states of a study's runs, in their order, and for what stands before the first."""
    letters = "".join(state[0] for state in states)
    return f"{letters}-{waiting.ahead}-{waiting.seconds}-{waiting.unreachable:d}" if waiting else letters


def panel_of_study(experiment: Experiment, study: Study, *, mine: bool) -> StudyPanel:
    """Return the panel of a study."""
    return StudyPanel(study, experiment.as_run_with(study.params), runs_of(study, with_series=not study.param), mine)


def panel_for_study_post(slug: str, experiment: Experiment, data) -> Panel:
    """Return the lab's panel with what was sent to start a study; every typed value stands in its field."""
    asked, tried = data.get("preset", ""), data.get("challenge", "")
    challenge = tried if tried in experiment.challenges else ""
    preset = "" if challenge else asked if asked in experiment.presets else next(iter(experiment.presets))
    form, guess = study_forms(experiment, prediction_of(experiment, preset, challenge), data)
    return Panel(slug, experiment, form, guess, preset, challenge=challenge)
