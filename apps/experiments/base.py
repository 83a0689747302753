"""What is an experiment? Declared parameters, questions, figures and charts, and one generator that runs it.

A lab is a value of type `Experiment` named `experiment` in `catalog/<slug>.py`. The site, the shell and the
tests all run it through `runner.run_experiment`; nothing else about a lab is written anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from apps.experiments.bench import Bench

Kind = Literal["measured", "simulated"]
Value = float | int | str
Params = Mapping[str, Value]
Point = tuple[float, float]


THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")


class ExperimentError(Exception):
    """An expected failure, worded for the learner: an engine is absent, a server did not start."""


class ParamError(ValueError):
    """One value of a parameter is not allowed; the message says which are."""


def read_decimal(text: str) -> float:
    """Return a typed number: "1200", "1,200", "0.9". Raises ValueError; "0,9" is refused, not read as 9 or 0.9."""
    text = text.strip()
    if "," in text and not THOUSANDS.fullmatch(text):
        raise ValueError(f"a comma that separates no thousands: {text!r}")
    return float(text.replace(",", ""))


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a parameter that is picked from a list."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Param:
    """One thing a learner may set. The type is that of `default`; a number has a closed range."""

    label: str
    default: Value
    help: str
    group: str = "Load"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[Choice, ...] = ()

    def clean(self, raw: object) -> Value:
        """Return `raw` as a value of this parameter. Raises ParamError with what is allowed."""
        if self.choices:
            return self._clean_choice(raw)
        whole = isinstance(self.default, int)
        try:
            number = read_decimal(str(raw))
        except ValueError:
            raise ParamError(f"Not a number. {self.allowed()} A decimal has a point.") from None
        if not (self.low is not None and self.high is not None and self.low <= number <= self.high):
            raise ParamError(f"Out of range. {self.allowed()}")
        if whole and number != int(number):
            raise ParamError(f"Not a whole number. {self.allowed()}")
        return int(number) if whole else number

    def _clean_choice(self, raw: object) -> str:
        if str(raw) not in {choice.value for choice in self.choices}:
            raise ParamError(f"Not one of the choices. {self.allowed()}")
        return str(raw)

    def allowed(self) -> str:
        """Return one sentence saying which values are allowed, for people."""
        if self.choices:
            return "Choose one of: " + ", ".join(choice.value for choice in self.choices) + "."
        kind = "a whole number" if isinstance(self.default, int) else "a number"
        unit = f" {self.unit}" if self.unit else ""
        return f"Use {kind} from {self.low:g} to {self.high:g}{unit}."


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
class Preset:
    """A question worth asking: settings that differ from the defaults, and the bet that goes with them."""

    title: str
    question: str
    predict: Prediction
    params: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart and the word that stands beside it."""

    series: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over time in one unit. Guess and theory of each of `figures` are drawn on it, where there are any."""

    title: str
    lines: tuple[Line, ...]
    unit: str
    figures: tuple[str, ...] = ()
    high: float | None = None  # fixed upper end of the axis, in the unit of the series


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
class Outcome:
    """What a run ends with: figures by name, theory by figure name, and caveats worth telling.

    `counted` holds what was counted twice, by our client and by the server: name -> (client, server).
    """

    figures: Mapping[str, float]
    expected: Mapping[str, Expected] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    counted: Mapping[str, tuple[int, int]] = field(default_factory=dict)


Run = Callable[[Params, "Bench"], Generator[Sample, None, Outcome]]
Finding = Callable[[Params, Outcome], str]
Conflicts = Callable[[Params], Mapping[str, str]]  # problems by name between values that are each allowed


def no_conflicts(params: Params) -> Mapping[str, str]:
    """Return no problems: the rule of a lab whose parameters do not depend on each other."""
    return {}


@dataclass(frozen=True, slots=True)
class Experiment:
    """A lab. `run` yields samples and returns the outcome; `finding` words the result as one sentence."""

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
    engines: tuple[str, ...] = ()  # of "redis", "postgres": what must be there for a measured run
    caution: str = ""  # what the result does not say

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

    def known(self) -> str:
        """Return one sentence that lists the parameters."""
        return "Known: " + ", ".join(self.params) + "."


class ParamsError(ValueError):
    """Some parameters are not allowed: `problems` maps each name to what to change."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = dict(problems)
