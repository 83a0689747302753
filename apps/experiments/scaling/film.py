"""What did workers or a fleet look like? Tasks at a lock, or one of so many requests before servers that boot."""

from __future__ import annotations

from collections.abc import Iterator

from apps.experiments.film import MOST_VISITS, Film, Place, Sign, Visit, cut
from apps.experiments.scaling.fleet import Moment, Served
from apps.experiments.scaling.settings import BEGIN_S, Settings
from apps.experiments.scaling.workers import Task

LEAD_S = 30.0  # before the load rises
AFTER_S = 60.0  # after the first boot


def film_of_crew(settings: Settings, tasks: list[Task]) -> Film | None:
    """Return the first tasks of a crew: own work side by side, then one after another at the lock."""
    places = (
        Place("own", "own work", 0, slots=settings.servers),
        Place("lock", "the shared part", 1, slots=1),
    )
    shown = tasks[: MOST_VISITS // 2]
    caption = f"The first {len(shown)} tasks of {settings.servers} workers; a dot is a worker"
    return cut(places, (("own", "lock"), ("lock", "own")), _at_work(shown), caption)


def _at_work(tasks: list[Task]) -> Iterator[Visit]:
    back: dict[int, float] = {}
    for task in tasks:
        yield Visit(task.worker, "own", back.get(task.worker, 0.0), task.began, task.asked)
        yield Visit(task.worker, "lock", task.asked, task.locked, task.done)
        back[task.worker] = task.done


def film_of_fleet(settings: Settings, served: list[Served], moments: list[Moment]) -> Film | None:
    """Return what the rise of the load did until the first servers had booted, one of so many requests a dot."""
    start = 0.0 if settings.load == "wave" else BEGIN_S - LEAD_S
    end = start + LEAD_S + settings.boot_s + AFTER_S
    around = sorted((each for each in served if start <= each.came < end), key=lambda each: each.came)
    stride = len(around) // (MOST_VISITS // 2) + 1
    dots = around[::stride]
    places = (Place("users", "users", 0, slots=0), Place("servers", "servers", 1, slots=at_once(dots)))
    visits = [
        visit
        for number, each in enumerate(dots)
        for visit in (
            Visit(number, "users", each.came, each.came, each.came),
            Visit(number, "servers", each.came, each.began, each.left, "late" if each.left - each.came > 1 else "ok"),
        )
    ]
    signs = [Sign(each.at, "servers", _told(each), "bad" if each.queue else "plain") for each in moments]
    signs = [sign for sign in signs if sign.at >= start]
    caption = f"From {start:g} s on. Each dot stands for {stride} requests, each box for as many servers"
    return cut(places, (("users", "servers"),), visits, caption, signs=signs, start=start)


def at_once(served: list[Served]) -> int:
    """Return how many of these requests were served at one moment, at most; at least 1."""
    changes = sorted([(each.began, 1) for each in served] + [(each.left, -1) for each in served])
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return max(1, most)


def _told(moment: Moment) -> str:
    starting = f", {moment.starting} starting" if moment.starting else ""
    line = f", {moment.queue:,} in line" if moment.queue else ""
    return f"{moment.ready} servers{starting}{line}"
