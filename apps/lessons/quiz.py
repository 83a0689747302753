"""What does a quiz look like between question and verdict? One form for each question, with what was entered kept."""

import math
import uuid
from dataclasses import dataclass
from functools import cached_property

from apps.content.grading import AnswerError, Verdict, judge
from apps.content.quantities import show_number
from apps.content.questions import Question
from apps.lessons.models import Lesson, Revision
from apps.progress.models import record


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as it is shown: picked or not, and, once judged, what there is to say about it."""

    number: int
    text: str
    picked: bool
    right: bool
    why: str


class QuestionForm:
    """One question and, if it was answered, what was sent."""

    def __init__(self, question: Question, data=None):
        self.question = question
        self.data = data
        self.key = uuid.uuid4()  # makes an answer that is sent twice one answer

    @cached_property
    def outcome(self) -> Verdict | AnswerError | None:
        """Return the verdict, or what is missing, or None before an answer."""
        if self.data is None:
            return None
        try:
            return judge(self.question, dict(self.data.lists()))
        except AnswerError as error:
            return error

    def too_many(self, wait_s: int) -> None:
        """Judge nothing: too many answers came from this address. What was entered stays."""
        minutes = math.ceil(wait_s / 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        self.outcome = AnswerError(
            "choice", f"Many answers came from your network within an hour. Try again in {wait}."
        )

    @property
    def verdict(self):
        return self.outcome if isinstance(self.outcome, Verdict) else None

    @property
    def error(self):
        return self.outcome if isinstance(self.outcome, AnswerError) else None

    def _values(self, name):
        return self.data.getlist(name) if self.data is not None else []

    def _choices(self, field, options):
        values = self._values(field)
        return [
            Choice(number, option.text, str(number) in values, option.correct, option.why)
            for number, option in enumerate(options)
        ]

    @property
    def options(self):
        return self._choices("choice", self.question.options)

    @property
    def reasons(self):
        return self._choices("reason", self.question.reasons)

    @property
    def value(self):
        return "".join(self._values("value")[:1])

    @property
    def right_answer(self):
        """Return the right number and how far off is right, as they are printed."""
        return show_number(self.question.answer), show_number(self.question.tolerance)

    @property
    def steps(self):
        """Return the steps as shown: position in the right order, text, and the place given."""
        order = self.question.order
        return [
            (number, order[number], "".join(self._values(f"place-{number}"))) for number in self.question.shown_order
        ]

    @property
    def places(self):
        return [str(number) for number in range(1, len(self.question.order) + 1)]


def revision_for(lesson: Lesson, sent: str) -> Revision:
    """Return the revision that a form was made from, if it is one of this lesson's, else the current one."""
    found = lesson.revisions.filter(pk=int(sent)).first() if sent.isdecimal() and len(sent) < 19 else None
    return found or lesson.revision


def keep_answer(learner, lesson: Lesson, revision: Revision, form: QuestionForm) -> None:
    """Write a judged answer into the learning record; the same form sent again is the same answer."""
    try:
        key = uuid.UUID(form.data.get("key", ""))
    except ValueError:
        key = form.key
    record(
        learner=learner,
        kind="quiz",
        subject=f"{lesson.track.slug}/{lesson.slug}#{form.question.id}",
        payload={
            "concept": form.question.concept,
            "correct": form.verdict.correct,
            "answer": form.verdict.answer,
            "revision": revision.content_hash,
        },
        key=f"quiz:{key}",
    )
