"""How are the loops compiled? Once a machine, kept on disk; steps are put into the loop that takes them.

Without reference counts (`_nrt`): the arrays belong to the caller for as long as a loop runs, and counting them at
every step took five times as long as the steps. Without inlining, handing them from step to step took fifteen times.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit

_UNCOUNTED: dict[str, Any] = {"cache": True, "_nrt": False}

step: Callable[[Any], Any] = njit(**_UNCOUNTED, forceinline=True)
loop: Callable[[Any], Any] = njit(**_UNCOUNTED)
