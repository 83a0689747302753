"""In which order do labs stand in their list? By topic, from one machine to many, then by title."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.experiments.base import Experiment

TOPICS = ("Queues and servers", "Caches", "Data on many machines", "When things fail", "Services")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The labs of one topic, by slug."""

    topic: str
    labs: dict[str, Experiment]


def shelves(labs: Mapping[str, Experiment]) -> list[Shelf]:
    """Return every lab under its topic: those of TOPICS first, in that order, any other after them."""
    topics = sorted({lab.topic for lab in labs.values()}, key=lambda topic: (_place(topic), topic))
    ordered = sorted(labs.items(), key=lambda item: item[1].title)
    return [Shelf(topic, {slug: lab for slug, lab in ordered if lab.topic == topic}) for topic in topics]


def _place(topic: str) -> int:
    return TOPICS.index(topic) if topic in TOPICS else len(TOPICS)
