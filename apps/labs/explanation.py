"""Why did that come out? The causes of a question, the one that was tapped, and what is to be said about both.

`_cause.html` is given an `Explanation` as `explanation`. The first answer is kept in the learning record as kind
"explained"; whoever tries another sees its reply, and the record stays.
"""

from dataclasses import dataclass

from apps.experiments.base import Cause
from apps.experiments.registry import experiments
from apps.labs.models import Run, Study
from apps.progress.models import Entry, record


@dataclass(frozen=True, slots=True)
class Option:
    """One cause as it is shown."""

    index: int
    cause: Cause
    chosen: bool
    first: bool  # the answer that counted


@dataclass(frozen=True, slots=True)
class Explanation:
    """The causes of a finished run or study; `chosen` is the index that was tapped, None before."""

    subject: Run | Study
    causes: tuple[Cause, ...]
    chosen: int | None
    first: int | None
    mine: bool  # only the learner's own answer is kept

    @property
    def url_name(self) -> str:
        """The name of the address that an answer is sent to; it takes the subject's id."""
        return "explain-run" if isinstance(self.subject, Run) else "explain-study"

    @property
    def options(self) -> list[Option]:
        """Every cause, in the order of the definition."""
        return [
            Option(index, cause, index == self.chosen, index == self.first) for index, cause in enumerate(self.causes)
        ]

    @property
    def answer(self) -> Cause | None:
        """The cause that was tapped; None before."""
        return None if self.chosen is None else self.causes[self.chosen]

    @property
    def right(self) -> Cause:
        """The cause that it is. To be shown after an answer only."""
        return next(cause for cause in self.causes if cause.right)


def causes_of(subject: Run | Study) -> tuple[Cause, ...]:
    """Return the causes of the question that a run or a study asked; none if it asked no preset's."""
    lab = experiments().get(subject.lab)
    preset = lab.presets.get(subject.preset) if lab else None
    return preset.causes if preset else ()


def index_of(text: str, causes: tuple[Cause, ...]) -> int | None:
    """Return which cause was sent; None if it is none of them."""
    is_short = text.isascii() and text.isdecimal() and len(text) < 4  # int() refuses thousands of digits
    return int(text) if is_short and int(text) < len(causes) else None


def explanation_of(subject: Run | Study, tapped: str, *, mine: bool) -> Explanation | None:
    """Return the causes with what was tapped now, or else answered first; None if there is nothing to explain yet.

    Only a result can be explained: a run or study without one has no causes to choose from.
    """
    causes = causes_of(subject)
    if not causes or not _has_result(subject):
        return None
    entry = Entry.objects.filter(learner=subject.learner_id, key=_key(subject)).first() if mine else None
    first = index_of(str(entry.payload["cause"]), causes) if entry else None
    chosen = index_of(tapped, causes)
    return Explanation(subject, causes, first if chosen is None else chosen, first, mine)


def keep_answer(explanation: Explanation) -> None:
    """Write the tapped cause into the learning record, if it is the learner's first answer for this result."""
    subject, answer = explanation.subject, explanation.answer
    if not explanation.mine or answer is None:
        return
    what = "run" if isinstance(subject, Run) else "study"
    payload = {what: subject.pk, "preset": subject.preset, "cause": explanation.chosen, "right": answer.right}
    record(learner=subject.learner, kind="explained", subject=f"lab:{subject.lab}", payload=payload, key=_key(subject))


def _has_result(subject: Run | Study) -> bool:
    if isinstance(subject, Run):
        return subject.result is not None
    return subject.runs.filter(result__isnull=False).exists() and not subject.runs.active().exists()


def _key(subject: Run | Study) -> str:
    return f"explained:{subject.pk}"
