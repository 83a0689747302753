"""Is all that the sources teach taught here? content/coverage.yaml says where; this says where it does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from apps.content.lesson import Lesson
from apps.content.positions import Located, YamlError, read_yaml
from apps.content.problems import Problem
from apps.content.sections import whole_sections
from apps.content.validation import did_you_mean, validate

FILE = "coverage.yaml"
_ALIKE = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2019": "'"})
Kind = Literal[
    "advice", "algorithm", "avoid", "benefit", "challenge", "claim", "comparison", "component", "concept", "example",
    "failure", "mistake", "number", "part", "pattern", "practice", "product", "question", "solution", "source", "step",
    "strategy", "system", "type", "use",
]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Strict):
    """One thing that a source holds. `at` is track/slug#heading; all of `says` stands in that section."""

    item: str = Field(min_length=1, max_length=100)
    kind: Kind
    at: str = Field(min_length=1)
    says: tuple[str, ...] = Field(min_length=1)


class Covered(_Strict):
    """An article or book whose matter the lessons cover."""

    title: str = Field(min_length=1)
    author: str = Field(min_length=1)
    year: int | None = None
    items: tuple[Item, ...]


class _File(_Strict):
    sources: tuple[Covered, ...]


def check_coverage(directory: Path, lessons: Mapping[str, Lesson]) -> list[Problem]:
    """Return every hole: an item without heading, at no lesson, at no heading, or not said there. No file: none."""
    path = directory / FILE
    if not path.is_file():
        return []
    try:
        located = read_yaml(path.read_text(), 1)
    except YamlError as error:
        return [Problem(str(path), error.line, error.message)]
    except (OSError, UnicodeDecodeError) as error:
        return [Problem(str(path), 1, f"this file cannot be read: {error}")]
    file, complaints = validate(_File, located)
    if file is None:
        return [Problem(str(path), line, message) for line, message in complaints]
    return [Problem(str(path), line, message) for line, message in _holes(file, located, lessons)]


def _holes(file: _File, located: Located, lessons: Mapping[str, Lesson]) -> Iterator[tuple[int, str]]:
    texts: dict[str, dict[str, str]] = {}
    for place, source in enumerate(file.sources):
        taken: set[str] = set()
        for number, item in enumerate(source.items):
            line = located.line_of(("sources", place, "items", number))
            if item.item in taken:
                yield line, f'"{item.item}" stands here twice'
            taken.add(item.item)
            name = item.at.partition("#")[0]
            if name not in texts and name in lessons:
                texts[name] = whole_sections(lessons[name].html)
            if hole := _hole(item, texts):
                yield line, hole
            elif name not in lessons:
                yield line, f'there is no lesson "{name}"{did_you_mean(name, lessons)}'


def _hole(item: Item, texts: Mapping[str, Mapping[str, str]]) -> str:
    """Return what is wrong with the place of an item in a lesson that is there, or nothing."""
    name, _, heading = item.at.partition("#")
    if name not in texts:
        return ""
    if not heading:
        return f'"{item.item}" names no heading of {name}'
    if heading not in texts[name]:
        return f'{name} has no heading "#{heading}"{did_you_mean(heading, texts[name])}'
    missing = [word for word in item.says if not says(texts[name][heading], word)]
    return f'{item.at} does not say {", ".join(missing)} for "{item.item}"' if missing else ""


def says(text: str, word: str) -> bool:
    """Return whether a text holds a word or a beginning of one: "replica" is in "replicas".

    `word` may be several with a | between them: one of them is enough. Case and kinds of hyphens make no difference.
    """
    return any(re.search(rf"(?<!\w){re.escape(_plain(one))}", _plain(text)) for one in word.split("|"))


def _plain(text: str) -> str:
    return " ".join(text.translate(_ALIKE).lower().split())
