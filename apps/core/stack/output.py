"""Who says what? Every line begins with the name of the part that wrote it."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

COLOURS = {
    "web": 32,
    "interactive": 36,
    "long": 34,
    "maintenance": 35,
    "beat": 33,
    "postgres": 90,
    "redis": 90,
    "content": 90,
}
WIDTH = max(len(name) for name in COLOURS)


def say(text: str) -> None:
    """Write one line of our own."""
    _write("tradeoff", text)


def _write(name: str, text: str) -> None:
    prefix = f"{name:<{WIDTH}} |"
    if sys.stdout.isatty():
        prefix = f"\033[{COLOURS.get(name, 1)}m{prefix}\033[0m"
    try:
        sys.stdout.write(f"{prefix} {text}\n")
        sys.stdout.flush()
    except OSError:  # the terminal or whoever read us is gone; the site goes on
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  (for the rest of our life)


class Lines:
    """What one part writes: bytes come in pieces, whole lines go out."""

    def __init__(self, name: str) -> None:
        self.name, self._rest = name, b""

    def feed(self, piece: bytes) -> None:
        """Take the next piece of output; b"" is its end."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if not piece and self._rest:
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            _write(self.name, line.decode(errors="replace").rstrip())


class Writer(io.TextIOBase):
    """A stream to hand to a command: what it writes comes out under this name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._lines = Lines(name)

    def write(self, text: str) -> int:
        """Take some text and return its length."""
        self._lines.feed(text.encode())
        return len(text)
