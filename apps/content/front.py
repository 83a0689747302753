"""What does a lesson say about itself? The YAML at the top of its file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from apps.content.positions import Located, YamlError, read_yaml
from apps.content.validation import Complaint, validate

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
LessonName = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9-]*/)?[a-z][a-z0-9-]*$", max_length=120)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]

_START = re.compile(r"\A---[ \t]*\n")
_END = re.compile(r"^---[ \t]*$", re.MULTILINE)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Source(_Strict):
    """Where something that the lesson says can be looked up."""

    title: Text
    author: Text
    year: int = Field(ge=1900, le=2100)
    where: Text
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s\"'<>]+$", max_length=300)] = ""


class Definition(_Strict):
    """What a word means. The key it stands under is the slug of a concept, or of a word that needs one."""

    term: str = Field(min_length=1, max_length=60)
    means: str = Field(min_length=10, max_length=300)
    also: tuple[Annotated[str, StringConstraints(min_length=1, max_length=60)], ...] = ()  # other forms in the text


class Front(_Strict):
    """The front matter of a lesson."""

    title: str = Field(min_length=1, max_length=90)
    short: str = Field(default="", max_length=32)
    summary: str = Field(min_length=1, max_length=240)
    concepts: tuple[Slug, ...] = Field(min_length=1)
    prerequisites: tuple[LessonName, ...] = ()
    labs: tuple[Slug, ...] = ()
    glossary: dict[Slug, Definition] = Field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    updated: date

    @property
    def name(self) -> str:
        """Return what the track's list calls the lesson."""
        return self.short or self.title


@dataclass(frozen=True, slots=True)
class Split:
    """A file cut in two. `located` is None where there is no front matter to read."""

    located: Located | None
    body: str
    body_line: int  # the line of the file on which the body begins


def split(text: str) -> Split:
    """Return front matter and body. Raises YamlError where the front matter is missing, open or not YAML."""
    start = _START.match(text)
    if not start:
        raise YamlError(1, 'a lesson starts with front matter: a line "---", then `title: …` and more, then "---"')
    end = _END.search(text, start.end())
    if not end:
        raise YamlError(1, 'the front matter never ends; put a line "---" below it')
    body_line = text.count("\n", 0, end.end()) + 2
    return Split(read_yaml(text[start.end() : end.start()], 2), text[end.end() + 1 :], body_line)


def read_front(located: Located) -> tuple[Front | None, list[Complaint]]:
    """Return the front matter, or None and what is wrong with it."""
    return validate(Front, located)
