"""What is wrong with a file, and where? One line for one thing to change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something to change at one line. A pending one is only a note: what it waits for is not built yet."""

    file: str
    line: int
    message: str
    pending: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"
