"""Is an answer to a quiz question right, and what does the learner get to read about it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.content.quantities import QuantityError, read_quantity
from apps.content.questions import Option, Question

Form = Mapping[str, Sequence[str]]  # what was sent, by name of field


class AnswerError(ValueError):
    """Nothing to judge yet: `field` is where, the message says what is missing."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement. `notes` are HTML: what to say about the answer as a whole, besides the explanation."""

    correct: bool
    answer: list[int] | list[float]  # what was understood: positions of what was picked, or the number
    notes: tuple[str, ...] = ()


def judge(question: Question, form: Form) -> Verdict:
    """Return whether what was sent is right. Raises AnswerError where something is missing or is no number."""
    if question.kind == "numeric":
        return _judge_number(question, form)
    if question.kind == "ordering":
        return _judge_order(question, form)
    picked = _picked("choice", question.options, form)
    correct = picked == _right(question.options)
    if question.kind == "choice-with-reason":
        reason = _picked("reason", question.reasons, form)
        return Verdict(correct and reason == _right(question.reasons), picked + reason)
    return Verdict(correct, picked)


def _right(options: Sequence[Option]) -> list[int]:
    return [number for number, option in enumerate(options) if option.correct]


def _picked(field: str, options: Sequence[Option], form: Form) -> list[int]:
    allowed = {str(number): number for number in range(len(options))}
    picked = sorted({allowed[value] for value in form.get(field, ()) if value in allowed})
    if not picked:
        raise AnswerError(field, "Pick a reason, too." if field == "reason" else "Pick an answer first.")
    return picked


def _judge_number(question: Question, form: Form) -> Verdict:
    try:
        value = read_quantity("".join(form.get("value", ())[:1]), question.unit)
    except QuantityError as error:
        raise AnswerError("value", str(error)) from None
    answer, tolerance = question.answer or 0.0, question.tolerance or 0.0
    if _near(value, answer, tolerance):
        return Verdict(True, [value])
    notes = tuple(trap.why for trap in question.traps if _near(value, trap.value, trap.tolerance))
    return Verdict(False, [value], notes)


def _near(value: float, wanted: float, tolerance: float) -> bool:
    return abs(value - wanted) <= tolerance + 1e-9 * abs(wanted)  # 0.1 + 0.2 is 0.3 to a learner


def _judge_order(question: Question, form: Form) -> Verdict:
    """Judge the place given to each step; `place-2` holds the place (from 1) of the step at position 2 of `order`."""
    places = ["".join(form.get(f"place-{number}", ())[:1]) for number in range(len(question.order))]
    wanted = [str(number + 1) for number in range(len(places))]
    if sorted(places) != sorted(wanted):
        raise AnswerError("order", f"Give each step a place of its own, 1 to {len(places)}.")
    given = [int(place) - 1 for place in places]
    first_wrong = next((place for place in sorted(given) if given.index(place) != place), None)
    if first_wrong is None:
        return Verdict(True, given)
    step = question.order[given.index(first_wrong)]
    return Verdict(False, given, (f"The first one out of place is number {first_wrong + 1}: {step}.",))
