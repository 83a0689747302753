"""What may be set in a lab, and how is a typed value read? Each parameter knows its range and says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Value = float | int | str
Params = Mapping[str, Value]

THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
MOST_SEVERAL = 8


class ParamError(ValueError):
    """One value of a parameter is not allowed; the message says which are."""


class ParamsError(ValueError):
    """Some parameters are not allowed: `problems` maps each name to what to change."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = dict(problems)


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
    several: bool = False  # one number for all, or one for each: "20 5 100"
    applies: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)  # it matters only with these values

    def clean(self, raw: object) -> Value:
        """Return `raw` as a value of this parameter. Raises ParamError with what is allowed."""
        if self.choices:
            return self._clean_choice(raw)
        parts = str(raw).split() if self.several else []
        if 1 < len(parts) <= MOST_SEVERAL:
            return " ".join(f"{self._clean_number(part):g}" for part in parts)
        return self._clean_number(raw)

    def matters(self, params: Params) -> bool:
        """Return whether this parameter has an effect, given the others."""
        return all(params.get(name) in values for name, values in self.applies.items())

    def _clean_number(self, raw: object) -> float | int:
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
        several = ", or several with a space between, one for each" if self.several else ""
        return f"Use {kind} from {self.low:g} to {self.high:g}{unit}{several}."


def plain(value: object) -> str:
    """Return a setting as it is typed: 10.0 is 10, and what was typed wrongly stays as it was."""
    return f"{value:.12g}" if isinstance(value, float) else str("" if value is None else value)


def each(value: Value, count: int) -> list[float]:
    """Return a parameter that takes `several` numbers as `count` of them: one number stands for all.

    Raises ParamError if there are some, but not `count`.
    """
    numbers = [float(part) for part in str(value).split()]
    if len(numbers) not in (1, count):
        raise ParamError(f"There are {count}, so use one number for all or {count} with spaces between.")
    return numbers * count if len(numbers) == 1 else numbers
