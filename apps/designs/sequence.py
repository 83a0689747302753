"""What is a sequence diagram made of? Actors of the same kinds as in other diagrams, and what happens in order."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from apps.designs.schema import Identifier, NodeType, Part

MessageKind = Literal["sync", "async", "return", "lost"]

FEWEST_ACTORS, MOST_ACTORS = 2, 6
MOST_STEPS = 16


class Actor(Part):
    """Who takes part: what it is, and its name."""

    type: NodeType
    label: str = Field(min_length=1, max_length=28)


class Step(Part):
    """One line of the story: a message, a note over an actor, or a divider. Raises ValueError for a mixture."""

    source: Identifier | None = Field(default=None, alias="from")
    target: Identifier | None = Field(default=None, alias="to")
    label: str = Field(default="", max_length=44)
    kind: MessageKind = "sync"
    note: str = Field(default="", max_length=60)
    over: Identifier | None = None
    divider: str = Field(default="", max_length=40)

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        given = self.model_fields_set
        forms = ({"source", "target"}, {"note", "over"}, {"divider"})
        allowed = ({"source", "target", "label", "kind"}, *forms[1:])
        if not any(form <= given <= whole for form, whole in zip(forms, allowed, strict=True)):
            raise ValueError("a step is one of {from, to, label, kind}, {note, over} and {divider}")
        if not (self.source or self.note or self.divider):
            raise ValueError("this step has no words")
        if self.kind == "lost" and self.source == self.target:
            raise ValueError("what an actor sends to itself is not lost on the way")
        return self

    def names(self) -> dict[str, str]:
        """Return the actors that the step names, by the key they stand under."""
        named = {"from": self.source, "to": self.target, "over": self.over}
        return {key: name for key, name in named.items() if name}


class Sequence(Part):
    """A whole sequence. Raises pydantic's ValidationError, at its step, for an actor that is not there."""

    actors: dict[Identifier, Actor] = Field(min_length=FEWEST_ACTORS, max_length=MOST_ACTORS)
    steps: tuple[Step, ...] = Field(min_length=1, max_length=MOST_STEPS)
    description: str = Field(min_length=1, max_length=600)

    @model_validator(mode="after")
    def _steps_name_actors(self) -> Self:
        errors = [
            InitErrorDetails(
                type="value_error", loc=("steps", number, key), input=name, ctx={"error": self._unknown(name)}
            )
            for number, step in enumerate(self.steps)
            for key, name in step.names().items()
            if name not in self.actors
        ]
        if errors:
            raise ValidationError.from_exception_data("Sequence", errors)
        return self

    def _unknown(self, name: str) -> ValueError:
        near = get_close_matches(name, self.actors, n=1, cutoff=0.6)
        hint = f'did you mean "{near[0]}"?' if near else f"there is {', '.join(self.actors)}"
        return ValueError(f'"{name}" is not one of the actors; {hint}')


def in_words(sequence: Sequence) -> list[str]:
    """Return one sentence per step: the whole sequence for the ear."""
    return [_sentence(step, {key: actor.label for key, actor in sequence.actors.items()}) for step in sequence.steps]


def _sentence(step: Step, names: dict[str, str]) -> str:
    if step.divider:
        return f"From here on: {step.divider}"
    if step.over:
        return f"At {names[step.over]}: {step.note}"
    source, target = names[step.source or ""], names[step.target or ""]
    if source == target:
        target = "itself"
    ways = {
        "sync": f"{source} to {target}",
        "async": f"{source} to {target}, without waiting",
        "return": f"{source} back to {target}",
        "lost": f"{source} to {target}, but it never arrives",
    }
    return ways[step.kind] + (f": {step.label}" if step.label else "")
