"""Under which conditions was a run made? What one needs to believe it, and to repeat it."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from apps.experiments import catalog
from apps.experiments.placement import UNPINNED

OURS = ("apps.experiments.", "apps.simulator.")  # what changes a result
Passport = dict[str, Any]


@cache
def code_version(slug: str) -> str:
    """Return twelve hex digits that change when the source of a lab, or of anything of ours it uses, changes."""
    digest = hashlib.sha256()
    for module in sorted(_reach(_module(slug)), key=lambda module: module.__name__):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:12]


def open_passport(busy: float | None = None) -> Passport:
    """Return the part of a passport that is known when a run starts; `busy` is how much of the machine was in use."""
    return {
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "host": {
            "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
            "python": platform.python_version(),
            "cores": os.cpu_count() or 1,
            "placement": UNPINNED,
        },
        "load_before": _load(),
        "busy_before": busy,
    }


def close_passport(passport: Passport, *, slug: str, engines: dict[str, str], duration_s: float) -> Passport:
    """Return a passport with what is known when a run ends: servers, code, load after, duration in seconds."""
    return {
        **passport,
        **engines,
        "code": code_version(slug),
        "load_after": _load(),
        "duration_s": round(duration_s, 2),
        "trials": 1,
    }


def _load() -> float:
    """Return the load average of the last minute, other people's work included."""
    return round(os.getloadavg()[0], 2)


def _module(slug: str) -> ModuleType:
    return import_module(f"{catalog.__name__}.{slug.replace('-', '_')}")


def _reach(start: ModuleType) -> Iterator[ModuleType]:
    """Yield a module and every module of ours whose names it uses, and so on."""
    found, ahead = {start.__name__}, [start]
    while ahead:
        module = ahead.pop()
        yield module
        for value in vars(module).values():
            name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "")
            if isinstance(name, str) and name.startswith(OURS) and name not in found:
                found.add(name)
                ahead.append(import_module(name))
