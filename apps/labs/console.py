"""What does a run look like in a terminal? A line that moves while it runs, then a table, the finding, the passport."""

from dataclasses import replace
from textwrap import indent
from typing import Any, TextIO

from apps.experiments.base import Experiment, Sample
from apps.experiments.challenge import Challenge, judge
from apps.experiments.hostlock import NOTE
from apps.experiments.runner import Result
from apps.labs.challenges import cost_told, goal_told
from apps.labs.results import interval_told
from apps.labs.units import shown, shown_number

CLEAR_LINE = "\r\x1b[K"
BAR = 24


class LiveLine:
    """Shows each sample on one line of a terminal; anywhere else it only says, once, that it waits for the machine."""

    def __init__(self, out: TextIO, experiment: Experiment) -> None:
        self._out, self._experiment = out, experiment
        self._on, self._told = out.isatty(), False

    def show(self, sample: Sample) -> None:
        """Overwrite the line with a sample."""
        if self._on:
            self._out.write(f"{CLEAR_LINE}{self._text(sample)}")
            self._out.flush()
        elif sample.note == NOTE and not self._told:
            self._told = True
            self._out.write(f"{NOTE}: waiting for it to end.\n")

    def clear(self) -> None:
        """Leave an empty line for what follows."""
        if self._on:
            self._out.write(CLEAR_LINE)

    def _text(self, sample: Sample) -> str:
        if sample.note:
            return f"{sample.note} …"
        figures = self._experiment.figures
        values = [
            f"{figures[name].label.lower()} {shown(figures[name], value)}"
            for name, (_, value) in sample.points.items()
            if name in figures
        ]
        done = round(sample.progress * BAR)
        return f"[{'█' * done}{'·' * (BAR - done)}] " + " · ".join(values)


def table(experiment: Experiment, result: Result) -> str:
    """Return the figures with theory beside them, one a line."""
    outcome, lines = result.outcome, []
    for name, figure in experiment.figures.items():
        if name in outcome.figures:
            line = f"  {figure.label:<26} {shown(figure, outcome.figures[name]):>14}"
            spread = interval_told(figure, outcome.intervals.get(name), outcome.figures[name])
            if result.passport["trials"] == 1 and spread:
                line += f" {spread}" if spread == "exact" else f" {spread} (95 % interval)"
            if theory := outcome.expected.get(name):
                spread = shown_number(replace(figure, digits=2), theory.tolerance)
                line += f"   theory {shown_number(figure, theory.value)} ± {spread}"
            lines.append(line)
    return "\n".join(lines)


def report(experiment: Experiment, result: Result) -> str:
    """Return a finished run for people: finding, figures, sources of the theory, caveats, passport."""
    passport = result.passport
    sources = {f"  {theory.source}" for theory in result.outcome.expected.values()}
    engines = " and ".join(passport[engine] for engine in experiment.engines if engine in passport)
    host = passport["host"]
    parts = [
        result.finding,
        table(experiment, result),
        "Theory\n" + "\n".join(sorted(sources)) if sources else "",
        f"Model laid over: {result.outcome.model}" if result.outcome.model else "",
        f"Why they differ: {result.outcome.gap}" if result.outcome.gap else "",
        "Mind\n" + "\n".join(f"  {caveat}" for caveat in result.outcome.caveats) if result.outcome.caveats else "",
        *(f"{exhibit.title}\n" + indent(exhibit.text, "  ") for exhibit in result.outcome.exhibits),
        f"{result.kind.capitalize()}{' on ' + engines if engines else ''}, {host['platform']}, {host['cores']} cores, "
        f"{host['placement']}, "
        f"load {passport['load_before']} before and {passport['load_after']} after; code {passport['code']}, "
        f"seed {result.seed}, trials {passport['trials']}, {passport['duration_s']} s.",
    ]
    return "\n\n".join(part for part in parts if part)


def verdict(experiment: Experiment, challenge: Challenge, result: Result) -> str:
    """Return how a run did at a challenge: won or lost, each goal with its number, the cost beside par, the idea."""
    judged, figures = judge(challenge, result.params, result.outcome.figures), result.outcome.figures
    lines = [f"{'Won' if judged.won else 'Lost'}: {challenge.title}"]
    for goal, held in zip(challenge.goals, judged.held, strict=True):
        came_to = shown(experiment.figures[goal.figure], figures[goal.figure]) if goal.figure in figures else "nothing"
        lines.append(f"  {'held' if held else 'not held':<9} {goal_told(experiment, goal)}: {came_to}")
    lines.append(
        f"  cost {cost_told(challenge, judged.cost)}; a good engineer needs {cost_told(challenge, challenge.par)}"
    )
    return "\n".join([*lines, *([f"  {challenge.idea}"] if judged.won else [])])


def verdict_json(challenge: Challenge, result: Result) -> dict[str, Any]:
    """Return the same for programs."""
    judged = judge(challenge, result.params, result.outcome.figures)
    return {"won": judged.won, "held": list(judged.held), "cost": judged.cost, "par": challenge.par}


def listing(experiments: dict[str, Experiment]) -> str:
    """Return every lab with its question, one a line, and its challenges below."""
    lines = []
    for slug, lab in experiments.items():
        lines.append(f"{slug:<20} {lab.kind:<10} {lab.question.strip()}")
        lines += [f"{'':<20} --challenge {name}: {each.title}" for name, each in lab.challenges.items()]
    return "\n".join(lines)
