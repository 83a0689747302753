"""What is a lesson once it is read? Everything that a page, a quiz and a check of claims need; nothing that changes."""

from __future__ import annotations

from dataclasses import dataclass

from apps.content.claims import Claim
from apps.content.finish import Heading
from apps.content.front import Front
from apps.content.lint import Reference
from apps.content.problems import Problem
from apps.content.questions import Question

WORDS_A_MINUTE = 220


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson rendered. It may be shown only if `broken` is empty."""

    track: str
    slug: str
    order: int
    front: Front | None
    html: str
    headings: tuple[Heading, ...]
    ids: frozenset[str]
    words: int
    questions: tuple[Question, ...]
    claims: tuple[Claim, ...]
    references: tuple[Reference, ...]
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        """Return track/slug."""
        return f"{self.track}/{self.slug}"

    @property
    def minutes(self) -> int:
        """Return the reading time in whole minutes, without code and quiz; never 0."""
        return max(1, round(self.words / WORDS_A_MINUTE))

    @property
    def broken(self) -> tuple[Problem, ...]:
        """Return the problems that keep the lesson from being shown."""
        return tuple(problem for problem in self.problems if not problem.pending)
