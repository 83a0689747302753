"""Which bet does the first page offer? The first question of a lab, in the lab's own words."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.experiments.base import Experiment, Figure

PREFERRED = "caching"


@dataclass(frozen=True, slots=True)
class OpeningBet:
    """A question, the figure it asks for, and the lab and preset that answer it."""

    lab: str
    preset: str
    question: str
    figure: Figure


def opening_bet(labs: Mapping[str, Experiment]) -> OpeningBet | None:
    """Return the first preset's bet of the preferred lab, or of the first there is; None without labs."""
    if not labs:
        return None
    slug = PREFERRED if PREFERRED in labs else next(iter(labs))
    preset, chosen = next(iter(labs[slug].presets.items()))
    return OpeningBet(slug, preset, chosen.question, labs[slug].figures[chosen.predict.figure])
