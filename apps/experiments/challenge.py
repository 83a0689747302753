"""Can a learner make it work? A situation, what may be changed, what must hold, and what it costs: cheapest wins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from apps.experiments.params import Params, Value

Cost = Callable[[Params, Mapping[str, float]], float]  # of settings and figures; lower is better


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure and the bound that it has to keep, in the unit of the figure (a share for "%")."""

    figure: str
    operator: Literal["<=", ">="]
    value: float

    def holds(self, figures: Mapping[str, float]) -> bool:
        """Return whether the figures keep the bound; one that is missing or not a number does not."""
        found = figures.get(self.figure, float("nan"))
        return found <= self.value if self.operator == "<=" else found >= self.value


@dataclass(frozen=True, slots=True)
class Challenge:
    """Settings to begin with (`params`), those that may be changed (`free`), and the goals that a run must keep.

    `naive` and `solution` are values of free settings: the first is a fair try without the lesson's idea, and loses;
    the second uses it and wins, at a cost of at most `par`. A test holds both over several seeds.
    """

    title: str
    text: str
    params: Mapping[str, Value]
    free: tuple[str, ...]
    goals: tuple[Goal, ...]
    cost: Cost
    cost_unit: str  # "servers", "extra load"
    par: float
    idea: str  # told after a win, or when asked for
    naive: Mapping[str, Value]
    solution: Mapping[str, Value]

    def settings(self, changed: Mapping[str, Value]) -> dict[str, Value]:
        """Return what a try is run with. What may not be changed is ignored."""
        return {**self.params, **{name: value for name, value in changed.items() if name in self.free}}

    def changed_by(self, settings: Params, defaults: Params) -> list[str]:
        """Return the names of settings that differ from the challenge though they are not free.

        What the challenge does not name stands at the lab's default: an easier question is no try at this one.
        """
        fixed = {**defaults, **self.params}
        return [name for name in fixed if name not in self.free and settings.get(name) != fixed[name]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a try went: whether each goal held, in order, whether all did, and what it cost."""

    held: tuple[bool, ...]
    cost: float

    @property
    def won(self) -> bool:
        """Return whether every goal held."""
        return all(self.held)


def judge(challenge: Challenge, params: Params, figures: Mapping[str, float]) -> Verdict:
    """Return how a finished run with these settings and figures did."""
    return Verdict(tuple(goal.holds(figures) for goal in challenge.goals), challenge.cost(params, figures))
