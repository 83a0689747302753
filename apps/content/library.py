"""Which files make up the content, and what is wrong with them as a whole?"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from apps.content.coverage import check_coverage
from apps.content.glossary import gather, read_source
from apps.content.labfacts import Labs
from apps.content.lesson import Lesson
from apps.content.problems import Problem
from apps.content.readability import check_readability
from apps.content.redirects import check_redirects
from apps.content.render import render_lesson
from apps.content.rendering import Place
from apps.content.terms import EMPTY, Glossary
from apps.content.tracks import RESERVED, Track, read_tracks
from apps.content.validation import did_you_mean

TRACKS_FILE = "tracks.yaml"
_NAME = re.compile(r"^(\d\d)-([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.md$")


@dataclass(frozen=True, slots=True)
class LessonFile:
    """One file of a lesson as it stands on disk. `shown` is its path for messages."""

    track: str
    slug: str
    order: int
    shown: str
    text: str

    @property
    def name(self) -> str:
        """Return track/slug."""
        return f"{self.track}/{self.slug}"

    @property
    def content_hash(self) -> str:
        """Return the SHA-256 of the exact text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def render(self, labs: Labs, lessons: frozenset[str], glossary: Glossary = EMPTY) -> Lesson:
        """Return the lesson; raises nothing."""
        place = Place(self.shown, self.track, self.slug)
        return render_lesson(self.text, place=place, order=self.order, labs=labs, lessons=lessons, glossary=glossary)


@dataclass(frozen=True, slots=True)
class Library:
    """The files of a directory, read once. `problems` are those of names, encodings and definitions."""

    tracks: tuple[Track, ...]
    tracks_text: str
    lessons: tuple[LessonFile, ...]
    unreadable: frozenset[str]  # names of lessons whose file is there but is not text
    glossary: Glossary
    problems: tuple[Problem, ...]

    @property
    def names(self) -> frozenset[str]:
        """Return track/slug of every lesson."""
        return frozenset(lesson.name for lesson in self.lessons)


def read_library(directory: Path) -> Library:
    """Return the files of a content directory. Raises nothing for odd names or bytes: those are problems."""
    tracks_file = directory / TRACKS_FILE
    text, problems = _read(tracks_file)
    tracks: tuple[Track, ...] = ()
    if text is not None:
        tracks, found = read_tracks(text, str(tracks_file))
        problems += found
    lessons: list[LessonFile] = []
    unreadable: set[str] = set()
    for path in sorted((directory / "lessons").glob("*/*")):
        found = _check_name(path, [track.slug for track in tracks])
        problems += found
        if not found and not path.name.startswith("."):
            lesson, found = _read_lesson(path)
            problems += found
            lessons += [lesson] if lesson else []
            unreadable |= set() if lesson else {f"{path.parent.name}/{path.stem[3:]}"}
    problems += _same_place(lessons)
    sources = [source for file in lessons if (source := read_source(file.shown, file.text))]
    glossary, found = gather(sources)
    return Library(tracks, text or "", tuple(lessons), frozenset(unreadable), glossary, tuple(problems + found))


def check(directory: Path, labs: Labs) -> list[Problem]:
    """Return everything that is wrong with the content of a directory, by file and line. Raises nothing."""
    library = read_library(directory)
    lessons = [file.render(labs, library.names, library.glossary) for file in library.lessons]
    problems = [*library.problems, *(problem for lesson in lessons for problem in lesson.problems)]
    by_name = {lesson.name: lesson for lesson in lessons}
    problems += check_coverage(directory, by_name) + check_redirects(directory, library.names)
    for file, lesson in zip(library.lessons, lessons, strict=True):
        problems += check_readability(file.shown, file.text, lesson)
        for reference in lesson.references:
            target = by_name[reference.lesson or lesson.name]
            if reference.heading not in target.ids:
                near = did_you_mean(reference.heading, sorted(heading.id for heading in target.headings))
                problems.append(
                    Problem(file.shown, reference.line, f'{target.name} has no heading "#{reference.heading}"{near}')
                )
    return sorted(problems)


def _read(path: Path) -> tuple[str | None, list[Problem]]:
    """Return the exact text of a file, with its line ends as they are."""
    try:
        return path.read_bytes().decode(), []
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return None, [Problem(str(path), line, "this is not UTF-8; save the file in that encoding")]
    except OSError as error:
        return None, [Problem(str(path), 1, f"this file cannot be read: {error.strerror}")]


def _check_name(path: Path, tracks: list[str]) -> list[Problem]:
    if path.name.startswith("."):  # left by editors and file managers
        return []
    if not _NAME.match(path.name):
        return [Problem(str(path), 1, "a lesson's file is called <nn>-<slug>.md, for example 02-caching.md")]
    if path.stem[3:] in RESERVED:
        return [Problem(str(path), 1, f'"{path.stem[3:]}" is the address of something else; choose another slug')]
    track = path.parent.name
    if track not in tracks:
        return [Problem(str(path), 1, f'there is no track "{track}"{did_you_mean(track, tracks)}')]
    return []


def _read_lesson(path: Path) -> tuple[LessonFile | None, list[Problem]]:
    text, problems = _read(path)
    if text is None:
        return None, problems
    return LessonFile(path.parent.name, path.stem[3:], int(path.name[:2]), str(path), text), []


def _same_place(lessons: list[LessonFile]) -> list[Problem]:
    """Return a problem for each lesson whose number or slug another one of its track has taken."""
    problems = []
    taken: dict[tuple[str, object], str] = {}
    for lesson in lessons:
        for what, key in (("number", lesson.order), ("slug", lesson.slug)):
            other = taken.setdefault((lesson.track, key), lesson.shown)
            if other != lesson.shown:
                problems.append(Problem(lesson.shown, 1, f"{other} has the same {what}; give this file another one"))
    return problems
