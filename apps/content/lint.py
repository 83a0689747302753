"""What in the running text of a lesson has to be changed? Looked for line by line, outside code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from apps.content.sanitise import ADDRESSES, LANGUAGES
from apps.content.scan import Fences
from apps.content.validation import Complaint, did_you_mean

_LINK = re.compile(r"\]\(\s*<?lesson:([^)#\s>]*)(?:#([^)\s>]*))?|^\s*\[[^\]]+\]:\s*<?lesson:([^#\s>]*)(?:#([^\s>]*))?")
_TARGET = re.compile(r"\]\(\s*<?([^)\s>]+)")
_ANCHOR = re.compile(r"\]\(\s*#([^)\s]+)")
_IMAGE = re.compile(r"!\[[^\]]*\]\(|<img\b", re.IGNORECASE)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_FENCE_LANGUAGE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ ]*\{?\.?([\w+#-]*)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to a heading: of the lesson `lesson`, or of the page itself if that is empty."""

    line: int
    lesson: str
    heading: str


def prose_lines(text: str, first_line: int) -> Iterator[tuple[int, str, bool]]:
    """Yield number and text of every line, and whether it opens a fence; lines of code are left out."""
    fences = Fences()
    for number, line in enumerate(text.split("\n"), start=first_line):
        was_open = bool(fences.open)
        if not fences.inside(line, number):
            yield number, _CODE.sub(" ", line), False
        elif not was_open:
            yield number, line, True


def lint(text: str, first_line: int, lessons: Collection[str]) -> tuple[list[Complaint], list[Reference]]:
    """Return what is wrong with the lines of a body, and the links to headings that are still to be checked."""
    complaints: list[Complaint] = []
    references: list[Reference] = []
    for number, line, fence in prose_lines(text, first_line):
        if fence:
            complaints += ((number, message) for message in _language(line))
            continue
        if line.startswith("# "):
            complaints.append((number, "the title is in the front matter; start headings at ##"))
        if _IMAGE.search(line):
            complaints.append((number, "there are no images; draw it as a /// diagram"))
        for match in _TARGET.finditer(line):
            if not match[1].startswith((*ADDRESSES, "lesson:")) or match[1].startswith("//"):
                complaints.append(
                    (number, f'"{match[1]}" leads nowhere; write https://…, lesson:track/slug or #heading')
                )
        for match in _LINK.finditer(line):
            name, heading = match[1] or match[3] or "", match[2] or match[4] or ""
            if name not in lessons:
                complaints.append((number, f'there is no lesson "{name}"{did_you_mean(name, lessons)}'))
            elif heading:
                references.append(Reference(number, name, heading))
        references += (Reference(number, "", match[1]) for match in _ANCHOR.finditer(line))
    return complaints, references


def _language(line: str) -> list[str]:
    match = _FENCE_LANGUAGE.match(line)
    name = match[1] if match else ""
    if not name:
        return ["name the language of this code behind the fence, for example ```python; plain text is ```text"]
    if name not in LANGUAGES:
        return [f'there is no highlighting for "{name}"{did_you_mean(name, LANGUAGES)}']
    return []
