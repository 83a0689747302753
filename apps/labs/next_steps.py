"""What may a learner do after a run? Repeat it, sweep a setting, set it beside another run, ask the next question."""

import uuid
from dataclasses import dataclass
from functools import cached_property

from apps.experiments.base import Experiment, Preset
from apps.experiments.params import Param, Value
from apps.labs.costs import OVERHEAD_S, planned_s
from apps.labs.models import Run, RunState
from apps.labs.study_forms import TRIALS_ALONE
from apps.labs.units import scale, shown
from apps.labs.wording import in_words, plain

PROPOSED, RECENT = 5, 6
NOT_SWEPT = {"duration_s", "event_at_s"}


@dataclass(frozen=True, slots=True)
class Sweepable:
    """A setting that may be swept, with values that would show something."""

    name: str
    label: str
    values: str


@dataclass(frozen=True, slots=True)
class Other:
    """An earlier run to compare with: what differs from this one, and what came out."""

    run: Run
    differs: str
    came_to: str


@dataclass(frozen=True)
class NextSteps:
    """What follows from one finished run; `figure` is the one that its question bets on."""

    experiment: Experiment
    run: Run
    figure: str

    @property
    def key(self) -> uuid.UUID:
        """The key of the form that repeats the run."""
        return uuid.uuid4()

    @property
    def trials(self) -> int:
        """How often it is repeated."""
        return TRIALS_ALONE

    @property
    def cost_s(self) -> int:
        """For about how many seconds the repetition keeps the machine."""
        return round(TRIALS_ALONE * (planned_s(self.run.lab, self.run.params) + OVERHEAD_S))

    @property
    def again(self) -> list[tuple[str, str]]:
        """The fields that ask for the same run: its settings, and its bet if there was one."""
        params = [(name, plain(value)) for name, value in self.run.params.items() if name in self.experiment.params]
        guess = self.run.guess
        if not guess or "value" not in guess:
            return [*params, ("bet", "skip")]
        factor = scale(self.experiment.figures[guess["figure"]])
        fields = {"guess": "value", "guess_low": "low", "guess_high": "high"}
        return [*params, ("bet", "guess"), *((name, f"{guess[part] * factor:.12g}") for name, part in fields.items())]

    @cached_property
    def sweepables(self) -> list[Sweepable]:
        """The settings that may be swept."""
        return sweepables(self.experiment, self.run.params)

    @cached_property
    def others(self) -> list[Other]:
        """The learner's newest other runs of this lab that were done, newest first."""
        found = Run.objects.single().filter(learner=self.run.learner_id, lab=self.run.lab, state=RunState.DONE)
        found = found.exclude(pk=self.run.pk).defer("series", "film").order_by("-created_at")[:RECENT]
        return [
            Other(run, differences(self.experiment, self.run.params, run.params), self._came_to(run)) for run in found
        ]

    def _came_to(self, run: Run) -> str:
        value, declared = run.result["figures"].get(self.figure), self.experiment.figures[self.figure]
        return "" if value is None else f"{declared.label} {shown(declared, value)}"

    @property
    def onward(self) -> tuple[str, Preset] | None:
        """The question after the run's own, with its name; None if there is no other."""
        names = list(self.experiment.presets)
        at = names.index(self.run.preset) if self.run.preset in names else -1
        name = names[(at + 1) % len(names)]
        return (name, self.experiment.presets[name]) if name != self.run.preset else None


def sweepables(experiment: Experiment, params: dict[str, Value]) -> list[Sweepable]:
    """Return the numeric settings that matter with these settings, each with five values over its range."""
    return [
        Sweepable(
            name, f"{param.label}, {param.unit}" if param.unit else param.label, " ".join(map(plain, proposed(param)))
        )
        for name, param in experiment.params.items()
        if not param.choices and name not in NOT_SWEPT and param.matters(params)
    ]


def proposed(param: Param) -> list[float | int]:
    """Return five values over the range of a numeric setting: by equal ratios where it spans two powers of ten."""
    low, high = float(param.low or 0.0), float(param.high or 1.0)
    if low > 0 and high / low >= 100:
        raw = [low * (high / low) ** (number / (PROPOSED - 1)) for number in range(PROPOSED)]
        raw = [float(f"{value:.1g}") for value in raw]
    else:
        raw = [low + (high - low) * number / (PROPOSED - 1) for number in range(PROPOSED)]
    stepped = [_on_step(value, param, low, high) for value in raw]
    return sorted(set(stepped))


def _on_step(value: float, param: Param, low: float, high: float) -> float | int:
    step = param.step or 0.0
    near = low + round((value - low) / step) * step if step and value < high and not _tidy(value, step) else value
    bound = min(high, max(low, float(f"{near:.6g}")))
    return round(bound) if isinstance(param.default, int) else bound


def _tidy(value: float, step: float) -> bool:
    return abs(value / step - round(value / step)) < 1e-6


def differences(experiment: Experiment, here: dict, there: dict) -> str:
    """Return what is set otherwise there: "Skew 1.2, Cache size 0.5"; that nothing is, if so."""
    told = [
        f"{param.label} {in_words(param, there[name])}"
        for name, param in experiment.params.items()
        if name in there and plain(there[name]) != plain(here.get(name))
    ]
    return ", ".join(told) or "the same settings"
