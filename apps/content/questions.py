"""What is a quiz question, and is an answer right? As the author writes it, as it is kept, and how it is judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from apps.content.front import Slug

Kind = Literal["single", "multiple", "numeric", "ordering", "choice-with-reason"]
_FIELDS = {
    "single": {"options"},
    "multiple": {"options"},
    "numeric": {"answer", "tolerance"},
    "ordering": {"order"},
    "choice-with-reason": {"options", "reasons"},
}
_SPECIAL = {"options", "reasons", "answer", "tolerance", "order", "traps", "unit"}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


class Option(_Part):
    """One thing to pick. `why` says why it is wrong, or why it is right."""

    text: str = Field(min_length=1)
    correct: bool = False
    why: str = ""


class Trap(_Part):
    """A typical wrong number and the mistake behind it."""

    value: float
    tolerance: float = Field(ge=0)
    why: str = Field(min_length=1)


class Question(_Part):
    """A question. In a file its texts are Markdown; the same type is kept with its texts rendered to HTML."""

    id: Slug
    kind: Kind
    concept: Slug
    question: str = Field(min_length=1)
    options: tuple[Option, ...] = ()
    reasons: tuple[Option, ...] = ()
    answer: float | None = None
    tolerance: float | None = Field(default=None, ge=0)
    unit: str = Field(default="", max_length=20)
    traps: tuple[Trap, ...] = ()
    order: tuple[str, ...] = ()
    explanation: str = Field(min_length=1)

    @model_validator(mode="after")
    def _kind_has_what_it_needs(self) -> Self:
        needed = _FIELDS[self.kind]
        for name in sorted(needed - self.model_fields_set):
            raise ValueError(f'a "{self.kind}" question needs "{name}"')
        allowed = needed | ({"traps", "unit"} if self.kind == "numeric" else set())
        for name in sorted((self.model_fields_set & _SPECIAL) - allowed):
            raise ValueError(f'"{name}" does not go with a "{self.kind}" question')
        return self

    def complaints(self) -> list[tuple[tuple[str | int, ...], str]]:
        """Return what is wrong with the choices offered: where in the question, and what to change."""
        found = [*_choices("options", self.options, self.kind), *_choices("reasons", self.reasons, "single")]
        if self.kind == "ordering" and (len(self.order) < 3 or len(set(self.order)) < len(self.order)):
            found.append((("order",), "an ordering needs at least three steps, no two the same"))
        return found

    @property
    def shown_order(self) -> list[int]:
        """Return the positions of `order` as they are shown: the same each time, and not the right order."""
        count = len(self.order)
        stride = next(step for step in (7, 5, 3, 2, 1) if count % step or step == 1)
        mixed = sorted(range(count), key=lambda index: ((index + len(self.id)) * stride) % count)
        return mixed if mixed != sorted(mixed) else mixed[::-1]


def _choices(name: str, options: Sequence[Option], kind: str) -> list[tuple[tuple[str | int, ...], str]]:
    if not options:
        return []
    found: list[tuple[tuple[str | int, ...], str]] = []
    right = sum(option.correct for option in options)
    least = 3 if kind == "multiple" else 2
    if len(options) < least:
        found.append(((name,), f'"{name}" needs at least {least} entries'))
    if kind == "multiple" and not right:
        found.append(((name,), f'"{name}" has no entry with `correct: true`; at least one is needed'))
    if kind != "multiple" and right != 1:
        found.append(((name,), f'"{name}" has {right} entries with `correct: true`; exactly one is needed'))
    for number, option in enumerate(options):
        if not option.correct and not option.why:
            found.append(((name, number), f'"{name} {number + 1}" is wrong but does not say why; add `why: …`'))
    return found
