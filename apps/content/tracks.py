"""Which tracks are there, in which order?"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from apps.content.front import Slug
from apps.content.positions import Located, YamlError, read_yaml
from apps.content.problems import Problem
from apps.content.validation import validate


class Track(BaseModel):
    """One row of lessons."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: Slug
    title: str = Field(min_length=1, max_length=60)
    summary: str = Field(min_length=1, max_length=200)


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
    return value.tracks, []
