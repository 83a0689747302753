"""Which number does a learner mean by "1.2 s", "57 %" or "12k"? Read as people write, in the unit asked for."""

from __future__ import annotations

import re

_FAMILIES: tuple[dict[str, float], ...] = (
    {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0},
    {"b": 1.0, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "pb": 1e15}
    | {"kib": 2.0**10, "mib": 2.0**20, "gib": 2.0**30, "tib": 2.0**40},
    {"/s": 1.0, "rps": 1.0, "qps": 1.0, "requests/s": 1.0, "reads/s": 1.0, "writes/s": 1.0, "messages/s": 1.0}
    | {"/min": 1 / 60, "/h": 1 / 3600, "/d": 1 / 86400},
    {"%": 1.0, "percent": 1.0, "per cent": 1.0},
)
_SHORT = {"k": 1e3, "m": 1e6, "bn": 1e9}
_NUMBER = re.compile(r"^([+-]?(?:\d{1,3}(?:[, \u00a0\u202f]\d{3})+|\d+)?(?:\.\d+)?(?:e[+-]?\d{1,3})?)\s*(.*)$")


class QuantityError(ValueError):
    """Not a number, or one in a unit that does not fit; worded for the learner."""


def show_number(value: float | None) -> str:
    """Return a number as it is printed: 1,000 and 0.58, no trailing zeros."""
    return "" if value is None else f"{value:,.10g}"


def read_quantity(text: str, unit: str) -> float:
    """Return the number in `unit`. Raises QuantityError with what can be entered."""
    match = _NUMBER.match(text.strip().lower())
    if not match or not re.search(r"\d", match[1]):
        raise QuantityError(f"Enter a number{f' in {unit}' if unit else ''}, for example 12.5.")
    number = float(re.sub(r"[, \u00a0\u202f]", "", match[1]))
    return number * _factor(match[2].strip(), unit)


def _factor(given: str, unit: str) -> float:
    """Return what a number in `given` is multiplied by to be in `unit`."""
    wanted = unit.lower()
    if given in ("", wanted):
        return 1.0
    for family in _FAMILIES:
        if given in family and wanted in family:
            return family[given] / family[wanted]
    for short, factor in _SHORT.items():
        if given.startswith(short) and given.removeprefix(short).strip() in ("", wanted):
            return factor
    raise QuantityError(f"“{given}” does not fit here. Enter a number{f' in {unit}' if unit else ' without a unit'}.")
