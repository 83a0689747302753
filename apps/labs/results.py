"""How is a result told? Its figures with their intervals beside guess and theory, and what theory says."""

import math
from dataclasses import replace

from apps.experiments.base import Experiment, Figure
from apps.labs.units import shown, shown_number

EXACT = 1e-6  # of the value: what floating point leaves of an interval of no width


def figures_told(experiment: Experiment, result: dict, guess: dict | None, bet: str) -> list[dict]:
    """Return label, text and role of each figure: the one that was bet on first, guess and theory beside it."""
    told = []
    for name in sorted(result.get("figures", {}), key=lambda name: name != bet):
        declared = experiment.figures[name]
        spread = interval_told(declared, result.get("intervals", {}).get(name), result["figures"][name])
        told.append(_told(declared, declared.label, result["figures"][name], "m" if name == bet else "", spread))
        if name == bet:
            told += _beside(declared, name, result, guess)
    return told


def _beside(declared: Figure, name: str, result: dict, guess: dict | None) -> list[dict]:
    beside = []
    if guess and guess["figure"] == name and "value" in guess:
        beside.append(_told(declared, "Your guess", guess["value"], "g"))
    if expected := result.get("expected", {}).get(name):
        beside.append(_told(declared, "Theory", expected["value"], "t"))
    return beside


def _told(declared: Figure, label: str, value: float, role: str, interval: str = "") -> dict:
    return {"label": label, "text": shown(declared, value), "role": role, "help": declared.help, "interval": interval}


def guess_told(figure: Figure, guess: dict | None) -> str:
    """Return a stored bet in words: "75 % (60 to 85 %)", or "a curve ± 5 %"; "" if it was skipped."""
    if not guess:
        return ""
    if "curve" in guess:
        return f"a curve ± {shown(figure, guess['within'])}"
    low, high = shown_number(figure, guess["low"]), shown(figure, guess["high"])
    return f"{shown(figure, guess['value'])} ({low} to {high})"


def interval_told(declared: Figure, half: float | None, value: float) -> str:
    """Return half of a 95 % interval in words: "± 2.3 ms"; "exact" if it is nothing beside the value.

    "" where the run states none. Of a share no more is said than that it lies from 0 to 100 %.
    """
    if not half:
        return ""
    is_share = declared.unit == "%" and 0 <= value <= 1
    if half < EXACT * max(abs(value), float(is_share)):
        return "exact"
    half = min(half, max(value, 1 - value)) if is_share else half
    return f"±\u00a0{shown(replace(declared, digits=2), float(f'{half:.2g}'))}"


def theory_told(experiment: Experiment, expected: dict, figures: dict | None = None) -> list[dict]:
    """Return what theory says about each figure, with its tolerance and source, and whether `figures` lie within."""
    return [
        {
            "label": experiment.figures[name].label,
            "text": shown(experiment.figures[name], theory["value"]),
            "tolerance": shown(experiment.figures[name], theory["tolerance"]),
            "source": theory["source"],
            "holds": abs((figures or {}).get(name, math.inf) - theory["value"]) <= theory["tolerance"],
        }
        for name, theory in expected.items()
    ]
