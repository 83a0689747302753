"""What is an experiment? Declared parameters, questions, figures and charts, and one generator that runs it.

A lab is a value of type `Experiment` named `experiment` in `catalog/<slug>.py`. The site, the shell and the
tests all run it through `runner.run_experiment`; nothing else about a lab is written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from apps.experiments.challenge import Challenge
from apps.experiments.film import Film
from apps.experiments.params import Param, ParamError, Params, ParamsError, Value

if TYPE_CHECKING:
    from apps.experiments.bench import Bench

Kind = Literal["measured", "simulated"]
Point = tuple[float, float]
COMPUTED_S = 2.0  # what a simulation takes on a busy machine


class ExperimentError(Exception):
    """An expected failure, worded for the learner: an engine is absent, a server did not start."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that a run ends with. `unit` "%" means a share from 0 to 1 that is shown in per cent."""

    label: str
    unit: str
    help: str = ""
    digits: int = 3  # significant digits when shown


@dataclass(frozen=True, slots=True)
class Prediction:
    """The number that the learner bets on before a run: which figure, in which words, within which range."""

    figure: str
    question: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sweep:
    """One parameter and the values that it takes in turn, in rising order. The bet is then a curve, not a number."""

    param: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """One answer to "why did that come out?". `reply` says why it is the cause, or why it is not."""

    text: str
    right: bool
    reply: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A question worth asking: settings that differ from the defaults, and the bet that goes with them.

    With a `sweep` the figure of `predict` is sketched over the values of one parameter. One of `causes` is right.
    """

    title: str
    question: str
    predict: Prediction
    params: Mapping[str, Value] = field(default_factory=dict)
    sweep: Sweep | None = None
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart and the word that stands beside it. `role` "model" is what the simulator says of a
    measured run, "theory" a curve of closed formulas; both are laid over, and can be taken off."""

    series: str
    label: str
    role: Literal["result", "model", "theory"] = "result"


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines in one unit, over time or over what `x` names. Guess and theory of each of `figures` are drawn on it.

    "bars" stand at x = 0, 1, 2, …: one a server, a shard, a policy.
    """

    title: str
    lines: tuple[Line, ...]
    unit: str
    figures: tuple[str, ...] = ()
    high: float | None = None  # fixed upper end of the axis, in the unit of the series
    shape: Literal["line", "step", "dots", "bars"] = "line"
    x: str = ""  # what the horizontal axis shows, with its unit: "time since the write (ms)"; "": seconds of the run
    log_x: bool = False
    names: tuple[str, ...] = ()  # words under bars, in order


@dataclass(frozen=True, slots=True)
class Expected:
    """What theory says about one figure: the value, the absolute tolerance, and where it comes from."""

    value: float
    tolerance: float
    source: str


@dataclass(frozen=True, slots=True)
class Sample:
    """What a run tells while it goes on: new points (seconds, value) by series, or a note on what it does."""

    points: Mapping[str, Point] = field(default_factory=dict)
    note: str = ""
    progress: float = 0.0  # share of the run that is done, 0 to 1


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Something to look at that is no number: an answer as it went over the wire, a list of lost rows."""

    title: str
    text: str  # shown as it is, line by line


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run ends with: figures by name, theory by figure name, and caveats worth telling.

    `counted` holds what was counted twice, by our client and by the server: name -> (client, server).
    `placement` says which process ran on which core; "" if that was left to the host.
    `generator_bound` is true when our own load generator, not the server, was the limit.
    `film` shows a part of the run as moving dots.
    """

    figures: Mapping[str, float]
    expected: Mapping[str, Expected] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    counted: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    exhibits: tuple[Exhibit, ...] = ()
    placement: str = ""
    generator_bound: bool = False
    intervals: Mapping[str, float] = field(default_factory=dict)  # half of the 95 % interval, by figure, in its unit
    film: Film | None = None
    model: str = ""  # which model drew the lines laid over, with which seed
    gap: str = ""  # why it differs from what was measured, for the learner


Run = Callable[[Params, "Bench"], Generator[Sample, None, Outcome]]
Finding = Callable[[Params, Outcome], str]
Conflicts = Callable[[Params], Mapping[str, str]]  # problems by name between values that are each allowed


def no_conflicts(params: Params) -> Mapping[str, str]:
    """Return no problems: the rule of a lab whose parameters do not depend on each other."""
    return {}


@dataclass(frozen=True, slots=True)
class Experiment:
    """A lab. `run` yields samples and returns the outcome; `finding` words the result as one sentence.

    `kind` is what a run with the defaults is. Where settings decide, `timed` says whether a run measures time: it is
    measured then, waits for the machine, and a busy one is told of. One that does not is simulated, whatever servers
    it asks; which of `engines` it asks says `asks`, if not always all.
    """

    title: str
    question: str
    kind: Kind
    concepts: tuple[str, ...]
    params: Mapping[str, Param]
    figures: Mapping[str, Figure]
    presets: Mapping[str, Preset]
    charts: tuple[Chart, ...]
    run: Run
    finding: Finding
    conflicts: Conflicts = no_conflicts
    timed: Callable[[Params], bool] | None = None  # None: every run is of the lab's kind
    engines: tuple[str, ...] = ()  # of "redis", "postgres": what must be there for a measured run
    asks: Callable[[Params], tuple[str, ...]] | None = None
    model: str = ""  # what a simulated run computes, in a few words
    caution: str = ""  # what the result does not say
    challenges: Mapping[str, Challenge] = field(default_factory=dict)
    topic: str = "Basics"  # the heading under which the lab stands in the list
    computes_s: Callable[[Params], float] | None = None  # how long a run computes that is not measured, about

    def clean(self, raw: Mapping[str, object]) -> dict[str, Value]:
        """Return all parameters, defaults filled in. Raises ParamsError that holds every problem by name."""
        problems = {name: f"There is no such parameter. {self.known()}" for name in raw if name not in self.params}
        values: dict[str, Value] = {}
        for name, param in self.params.items():
            try:
                values[name] = param.clean(raw.get(name, param.default))
            except ParamError as error:
                problems[name] = str(error)
        if problems := problems or dict(self.conflicts(values)):
            raise ParamsError(problems)
        return values

    def kind_of(self, params: Params) -> Kind:
        """Return what a run with these parameters is."""
        if self.timed is None:
            return self.kind
        return "measured" if self.timed(params) else "simulated"

    def planned_s(self, params: Params) -> float:
        """Return for about how many seconds a run with these parameters works: a measured one as long as it is set."""
        if self.kind_of(params) == "measured":
            return float(params.get("duration_s", self.params["duration_s"].default))
        return max(COMPUTED_S, self.computes_s(params)) if self.computes_s else COMPUTED_S

    def as_run_with(self, params: Params) -> Experiment:
        """Return this lab as it is for a run with these parameters: its kind, the engines asked, the model if any."""
        kind, engines = self.kind_of(params), self.asks(params) if self.asks else self.engines
        return replace(self, kind=kind, engines=engines, model=self.model if kind == "simulated" else "")

    def known(self) -> str:
        """Return one sentence that lists the parameters."""
        return "Known: " + ", ".join(self.params) + "."
