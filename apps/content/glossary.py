"""Which words does the content define? One definition each, in the front matter of one lesson, for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from apps.content.front import Definition, Front, read_front, split
from apps.content.positions import Located, YamlError
from apps.content.problems import Problem
from apps.content.terms import Glossary
from apps.content.validation import did_you_mean


@dataclass(frozen=True, slots=True)
class Source:
    """The front matter of one lesson and where it stands. `shown` is the name of its file for messages."""

    shown: str
    front: Front
    located: Located

    def problem(self, path: tuple[str | int, ...], message: str) -> Problem:
        """Return a problem at the line of what stands at `path`."""
        return Problem(self.shown, self.located.line_of(path), message)


@dataclass(frozen=True, slots=True)
class _Place:
    slug: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def read_source(shown: str, text: str) -> Source | None:
    """Return the front matter of a lesson's file, or None if it is wrong: rendering says how."""
    try:
        located = split(text.replace("\r\n", "\n").removeprefix("\ufeff")).located
    except YamlError:
        return None
    front = read_front(located)[0] if located else None
    return Source(shown, front, located) if front and located else None


def gather(sources: Collection[Source]) -> tuple[Glossary, list[Problem]]:
    """Return the definitions of all lessons, and which of them clash or are missing."""
    definitions: dict[str, Definition] = {}
    problems: list[Problem] = []
    slugs: dict[str, _Place] = {}  # where each was defined first
    forms: dict[str, _Place] = {}
    for source in sources:
        for slug, word in source.front.glossary.items():
            place = _Place(slug, source.shown, source.located.line_of(("glossary", slug)))
            first = slugs.setdefault(slug, place)
            if first is not place:
                problems.append(Problem(place.file, place.line, f'"{slug}" is defined in {first}, too; keep one'))
            else:
                definitions[slug] = word
                problems += _wrong_forms(word, place, forms)
    return Glossary(definitions), problems + list(_undefined(sources, definitions))


def _wrong_forms(word: Definition, place: _Place, forms: dict[str, _Place]) -> Iterator[Problem]:
    """Yield a problem for each form of a word that stands for something already, or cannot be found in a text."""
    for form in (word.term, *word.also):
        first = forms.setdefault(" ".join(form.lower().split()), place)
        if first is not place:
            told = f'"{form}" stands for "{first.slug}" in {first} already; a word has one meaning'
            yield Problem(place.file, place.line, told)
        elif not form[0].isalnum():
            yield Problem(place.file, place.line, f'"{form}" should start with a letter or a digit')


def _undefined(sources: Iterable[Source], definitions: Collection[str]) -> Iterator[Problem]:
    for source in sources:
        for number, slug in enumerate(source.front.concepts):
            if slug not in definitions:
                near = did_you_mean(slug, definitions)
                hint = near if near.startswith("; did") else ""
                told = f'the concept "{slug}" has no definition; define it in "glossary", or use a slug that is{hint}'
                yield source.problem(("concepts", number), told)
