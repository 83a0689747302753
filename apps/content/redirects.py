"""Where did a renamed lesson go? content/redirects.yaml says it line by line: `old-track/old-slug: track/slug`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from apps.content.positions import Located, YamlError, read_yaml
from apps.content.problems import Problem
from apps.content.validation import Complaint, did_you_mean

FILE = "redirects.yaml"
_NAME = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*/[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")


def read_redirects(text: str) -> tuple[dict[str, str], list[Complaint]]:
    """Return new name by old name, and what is wrong with the form; a file that is not YAML gives no redirect."""
    try:
        located = read_yaml(text, 1)
    except YamlError as error:
        return {}, [(error.line, error.message)]
    if not isinstance(located.data, dict):
        return {}, [(1, "this should be a list of `old-track/old-slug: track/slug` lines")]
    complaints = [
        (_line(located, old), f'"{old}: {new}" is no redirect; write old-track/old-slug: track/slug')
        for old, new in located.data.items()
        if not (_NAME.match(old) and isinstance(new, str) and _NAME.match(new))
    ]
    wrong = {line for line, _ in complaints}
    good = {old: str(new) for old, new in located.data.items() if _line(located, old) not in wrong}
    return good, complaints


def follow(redirects: Mapping[str, str], name: str) -> str | None:
    """Return where `name` went in the end, over any number of moves, or None: never moved, or in a circle."""
    seen: set[str] = set()
    while name in redirects and name not in seen:
        seen.add(name)
        name = redirects[name]
    return None if name in seen or not seen else name


def check_redirects(directory: Path, lessons: Collection[str]) -> list[Problem]:
    """Return every redirect that leads nowhere, in a circle, or away from a lesson that is there. No file: none."""
    path = directory / FILE
    if not path.is_file():
        return []
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        return [Problem(str(path), 1, f"this file cannot be read: {error}")]
    redirects, complaints = read_redirects(text)
    if redirects:
        located = read_yaml(text, 1)
        complaints += [
            (_line(located, old), message) for old in redirects if (message := _complaint(redirects, old, lessons))
        ]
    return [Problem(str(path), line, message) for line, message in complaints]


def _complaint(redirects: Mapping[str, str], old: str, lessons: Collection[str]) -> str:
    if old in lessons:
        return f'there is a lesson "{old}", so nobody would be sent on; take the line away or rename the lesson'
    end = follow(redirects, old)
    if end is None:
        return f'"{old}" leads in a circle'
    return "" if end in lessons else f'there is no lesson "{end}"{did_you_mean(end, lessons)}'


def _line(located: Located, old: str) -> int:
    return located.line_of((old,))
