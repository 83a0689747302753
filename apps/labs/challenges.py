"""What does a page say of a challenge? Its goals, what is fixed and free, how a run did at it, and one's own tries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from apps.accounts.models import Learner
from apps.experiments.base import Experiment
from apps.experiments.challenge import Challenge, Goal, Verdict, judge
from apps.experiments.params import Value
from apps.labs.models import Run
from apps.labs.units import shown
from apps.labs.wording import in_words, plain

COUNTED, LISTED = 100, 8  # newest tries that are judged, and that are listed
OPERATORS = {"<=": "at most", ">=": "at least"}


@dataclass(frozen=True, slots=True)
class GoalTold:
    """One goal in words; of a run also what it came to and whether that holds."""

    text: str
    came_to: str = ""
    held: bool = False


@dataclass(frozen=True)
class Try:
    """A finished run that tried a challenge."""

    run: Run
    experiment: Experiment
    challenge: Challenge
    verdict: Verdict

    @property
    def won(self) -> bool:
        """Whether every goal held."""
        return self.verdict.won

    @property
    def cost(self) -> str:
        """What it cost, in words."""
        return cost_told(self.challenge, self.verdict.cost)

    @property
    def beats_par(self) -> bool:
        """Whether it was won at no more than a good engineer needs."""
        return self.won and self.verdict.cost <= self.challenge.par

    @property
    def settings(self) -> str:
        """What was chosen, in words: "Servers 4, Next is Last come"."""
        params = self.experiment.params
        free = [name for name in self.challenge.free if name in self.run.params and name in params]
        return ", ".join(f"{params[name].label} {in_words(params[name], self.run.params[name])}" for name in free)

    @property
    def goals(self) -> list[GoalTold]:
        """Each goal with the number that the run came to."""
        figures = self.run.result["figures"]
        return [
            GoalTold(
                goal_told(self.experiment, goal),
                shown(self.experiment.figures[goal.figure], figures[goal.figure])
                if goal.figure in figures
                else "nothing",
                held,
            )
            for goal, held in zip(self.challenge.goals, self.verdict.held, strict=True)
        ]


@dataclass(frozen=True)
class ChallengeTold:
    """A challenge of a lab as its template shows it; `learner` is who looks, None for somebody new."""

    name: str
    challenge: Challenge
    experiment: Experiment
    slug: str
    learner: Learner | None = None

    @property
    def goals(self) -> list[GoalTold]:
        """What must hold."""
        return [GoalTold(goal_told(self.experiment, goal)) for goal in self.challenge.goals]

    @property
    def fixed(self) -> list[tuple[str, str]]:
        """The settings that the challenge fixes at another value than the lab's, with their values."""
        params, challenge = self.experiment.params, self.challenge
        return [
            (params[name].label, in_words(params[name], value))
            for name, value in challenge.params.items()
            if name not in challenge.free and plain(value) != plain(params[name].default)
        ]

    @property
    def kept(self) -> dict[str, Value]:
        """Every setting that may not be changed, with its value."""
        stands = {**{name: param.default for name, param in self.experiment.params.items()}, **self.challenge.params}
        return {name: value for name, value in stands.items() if name not in self.challenge.free}

    @property
    def free(self) -> list[str]:
        """The settings that may be changed."""
        return [self.experiment.params[name].label for name in self.challenge.free]

    @property
    def par(self) -> str:
        """What a good engineer needs."""
        return cost_told(self.challenge, self.challenge.par)

    @cached_property
    def judged(self) -> list[Try]:
        """The looker's own finished tries, newest first."""
        if self.learner is None:
            return []
        runs = Run.objects.filter(learner=self.learner).tries_at(self.name, lab=self.slug)[:COUNTED]
        return list(tries(self.experiment, self.challenge, runs))

    @property
    def listed(self) -> list[Try]:
        """The newest of them."""
        return self.judged[:LISTED]

    @property
    def best(self) -> Try | None:
        """The cheapest of one's own tries that won; None before a win."""
        return min((each for each in self.judged if each.won), key=lambda each: each.verdict.cost, default=None)


def tries(experiment: Experiment, challenge: Challenge, runs: Iterable[Run]) -> Iterable[Try]:
    """Yield runs with how they did; one that lacks a figure by which it is judged is left out."""
    for run in runs:
        try:
            yield Try(run, experiment, challenge, judge(challenge, run.params, run.result["figures"]))
        except KeyError:  # an older version of the lab knew neither the figure nor the challenge
            continue


def try_of(experiment: Experiment, run: Run | None) -> Try | None:
    """Return how a run did at the challenge that it tried; None if it tried none, or has not come to anything."""
    if run is None or not run.result or run.challenge not in experiment.challenges:
        return None
    return next(iter(tries(experiment, experiment.challenges[run.challenge], [run])), None)


def settings_of_try(experiment: Experiment, name: str, changed: Mapping[str, object]) -> dict[str, object]:
    """Return the settings of a try from a shell. Raises ValueError for what the lab or the challenge does not have."""
    if name not in experiment.challenges:
        known = ", ".join(experiment.challenges) or "none"
        raise ValueError(f"There is no challenge {name!r}. Known: {known}.")
    challenge = experiment.challenges[name]
    if fixed := [each for each in changed if each in experiment.params and each not in challenge.free]:
        raise ValueError(f"The challenge fixes {fixed[0]}. Free: {', '.join(challenge.free)}.")
    return {**challenge.params, **changed}


def goal_told(experiment: Experiment, goal: Goal) -> str:
    """Return a goal in words: "Slowest hundredth at most 100 ms"."""
    figure = experiment.figures[goal.figure]
    return f"{figure.label} {OPERATORS[goal.operator]} {shown(figure, goal.value)}"


def cost_told(challenge: Challenge, cost: float) -> str:
    """Return a cost with its unit: "4 servers"."""
    return f"{cost:,.4g}\u00a0{challenge.cost_unit}"
