"""Which tracks are there, in which order?"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from apps.content.front import Slug
from apps.content.positions import Located, YamlError, read_yaml
from apps.content.problems import Problem
from apps.content.validation import validate

# What stands below a track's address beside its lessons. A track or a lesson of such a name could never be read.
RESERVED = frozenset({"book", "read"})


class Part(BaseModel):
    """A heading over some lessons of a track: those from number `first` on, up to the next part."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=60)
    first: int = Field(alias="from", ge=1, le=99)


class Track(BaseModel):
    """One row of lessons, whole or in parts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: Slug
    title: str = Field(min_length=1, max_length=60)
    summary: str = Field(min_length=1, max_length=200)
    parts: tuple[Part, ...] = ()


class _File(BaseModel):
    tracks: tuple[Track, ...] = Field(min_length=1)


def read_tracks(text: str, file: str) -> tuple[tuple[Track, ...], list[Problem]]:
    """Return the tracks in order, or none of them and what is wrong with the file."""
    try:
        located = read_yaml(text, 1)
    except YamlError as error:
        return (), [Problem(file, error.line, error.message)]
    lines = {("tracks", *path): line for path, line in located.lines.items()}
    value, complaints = validate(_File, Located({"tracks": located.data}, lines))
    if value is None:
        return (), [Problem(file, line, message) for line, message in complaints]
    slugs = [track.slug for track in value.tracks]
    twice = next((slug for slug in slugs if slugs.count(slug) > 1), None)
    if twice:
        return (), [Problem(file, 1, f'the track "{twice}" stands here twice')]
    problems = [
        Problem(file, located.line_of((number,)), message)
        for number, track in enumerate(value.tracks)
        for message in _complaints(track)
    ]
    return (() if problems else value.tracks), problems


def _complaints(track: Track) -> list[str]:
    """Return what is wrong with a track although each of its values is right."""
    numbers = [part.first for part in track.parts]
    found = []
    if track.slug in RESERVED:
        found.append(f'"{track.slug}" is the address of something else; give the track another slug')
    if numbers and (numbers[0] != 1 or numbers != sorted(set(numbers))):
        found.append(f'the parts of "{track.slug}" begin at lesson 1 and go up, each at a number of its own')
    return found
