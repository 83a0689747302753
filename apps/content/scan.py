"""Which blocks stand in a text, and which lines are theirs? One pass that knows fences of code and nested blocks."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from apps.content.validation import Complaint

_START = re.compile(r"^/{3,}[ ]*([\w-]+)[ ]*(?:\|[ ]*(.*?)[ ]*)?$")
_END = re.compile(r"^/{3,}[ ]*$")
_INDENTED = re.compile(r"^[ \t]+/{3,}[ ]*([a-z-]+)?[ ]*(?:\|.*)?$")
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})(.*)$")


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of Markdown between blocks; `line` is the number of the first in the file."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """`/// name | argument`, the lines inside, and where in the file both begin."""

    name: str
    argument: str
    inside: str
    line: int

    def yaml(self) -> tuple[str, int]:
        """Return all of the inside as YAML, and its first line in the file."""
        return textwrap.dedent(self.inside), self.line + 1

    def options(self) -> tuple[str, int]:
        """Return the indented lines right below the first one as YAML, and their first line."""
        lines = self.inside.split("\n")
        return textwrap.dedent("\n".join(lines[: _count_options(lines)])), self.line + 1

    def body(self) -> tuple[str, int]:
        """Return what comes after the options as Markdown, and its first line."""
        lines = self.inside.split("\n")
        count = _count_options(lines)
        return "\n".join(lines[count:]), self.line + 1 + count


def _count_options(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if not (line.startswith("    ") and line.strip()):
            return number
    return len(lines)


class Fences:
    """Follows fences of code line by line."""

    def __init__(self) -> None:
        self.open = ""
        self.line = 0

    def inside(self, line: str, number: int) -> bool:
        """Return whether `line` is part of a fence: its first line, its last one, or one between."""
        match = _FENCE.match(line)
        if self.open:
            if match and match[1].startswith(self.open) and not match[2].strip():
                self.open = ""
            return True
        if match and not (match[1][0] == "`" and "`" in match[2]):
            self.open, self.line = match[1], number
            return True
        return False


class _Scanner:
    """Takes lines one by one. Every line of Markdown stays at its place: `line` + position is its number."""

    def __init__(self, first_line: int, names: set[str]) -> None:
        self.names = names
        self.parts: list[Words | Block] = []
        self.complaints: list[Complaint] = []
        self.fences = Fences()
        self.opened: list[tuple[int, str, str]] = []  # line, name, argument; the last one is the innermost
        self.waiting: list[str] = []
        self.start = first_line

    def take(self, number: int, line: str) -> None:
        if self.fences.inside(line, number):
            self.waiting.append(line)
        elif begin := _START.match(line):
            self._begin(number, line, begin[1], begin[2] or "")
        elif _END.match(line):
            self._end(number, line)
        else:
            self._check_margin(number, line)
            self.waiting.append(line)

    def _begin(self, number: int, line: str, name: str, argument: str) -> None:
        if self.opened:
            self.waiting.append(line)
        else:
            self.flush(number + 1)
        self.opened.append((number, name, argument))

    def _end(self, number: int, line: str) -> None:
        if not self.opened:
            self.complaints.append((number, "this ends a block, but none is open"))
            self.waiting.append("")
            return
        at, name, argument = self.opened.pop()
        if self.opened:
            self.waiting.append(line)
            return
        self.parts.append(Block(name, argument, "\n".join(self.waiting), at))
        self.waiting, self.start = [], number + 1

    def _check_margin(self, number: int, line: str) -> None:
        match = _INDENTED.match(line)
        if match and (not match[1] or match[1] in self.names):
            self.complaints.append(
                (number, "a block starts and ends at the left margin; take the blanks before /// away")
            )

    def flush(self, start: int) -> None:
        text = "\n".join(self.waiting)
        if text.strip():
            self.parts.append(Words(text, self.start))
        self.waiting, self.start = [], start


def scan(text: str, first_line: int, names: set[str]) -> tuple[list[Words | Block], list[Complaint]]:
    """Return the parts of a text in order, and what is wrong with the edges of its blocks and fences."""
    scanner = _Scanner(first_line, names)
    for number, line in enumerate(text.split("\n"), start=first_line):
        scanner.take(number, line)
    if scanner.fences.open:
        word = f"this fence of code is never closed; end it with a line {scanner.fences.open}"
        scanner.complaints.append((scanner.fences.line, word))
    if scanner.opened:
        at, name, _ = scanner.opened[0]
        scanner.complaints.append((at, f'the block "{name}" never ends; put a line /// below it'))
    else:
        scanner.flush(first_line)
    return scanner.parts, scanner.complaints
