"""How are the loops compiled? Once a machine, kept on disk; steps are put into the loop that takes them.

Without reference counts (`_nrt`): the arrays belong to the caller for as long as a loop runs, and counting them at
every step took five times as long as the steps. Without inlining, handing them from step to step took fifteen times.

The compiler looks at the file of a loop alone to tell whether what it kept still holds, not at those of the steps that
went into the loop. So the stamp that it compares is made of all sources that a loop may take from.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from numba import njit

_UNCOUNTED: dict[str, Any] = {"cache": True, "_nrt": False}
_INNER: dict[str, Any] = {"_nrt": False, "forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


@cache
def _stamp(package: Path) -> int:
    """Return a number that changes with any source from which a package of loops takes its steps and its constants."""
    ours, shared = package.parent, Path(__file__).parent
    stamp = 0
    for folder in sorted({ours, package, shared, shared.parent}):
        for path in sorted(folder.glob("*.py")):
            stamp = crc32(path.read_bytes(), stamp)
    return stamp


def _stamped(compiled: Any) -> Any:
    if hasattr(compiled, "_cache"):  # not so when the compiler is switched off to look for an error
        compiled._cache._cache_file._source_stamp = _stamp(Path(compiled.py_func.__code__.co_filename).parent)
    return compiled


def step(function: Any) -> Any:
    """Return a function that is compiled into whatever loop takes it."""
    return _stamped(njit(**_UNCOUNTED, forceinline=True)(function))


def inner(function: Any) -> Any:
    """Return a step that only loops take, never Python: without what Python would need it compiles in half the time."""
    return njit(**_INNER)(function)


def loop(function: Any) -> Any:
    """Return a function that is compiled by itself."""
    return _stamped(njit(**_UNCOUNTED)(function))
