"""What does theory promise where copies end by time or by writes, and nothing is evicted?

A copy is born when a read finds none (or when a write stores one), and ends by its time to live or by a write.
Births of one product follow a renewal equation: what is there at a time is what was born at each earlier time and has
lived since. It is solved step by step, from an empty cache. Products asked for many times a step settle at once;
for them the mean of a cycle is exact: λG/(1+λG) hits, G being the mean life of a copy.

Times in seconds, rates per second. Sources: renewal theory (Cox 1962); Jung, Berger, Balakrishnan, "Modeling
TTL-based Internet caches", INFOCOM 2003.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from apps.experiments.caches.transient import grouped
from apps.experiments.zipf import Floats

STEPS = 200  # in the longest life of a copy
CYCLES, SETTLED = 7, 4  # longest lives after which all has settled, and over how many the mean is taken then
CLASSES = 150
HOT = 0.3  # reads a step


@dataclass(frozen=True, slots=True)
class Copies:
    """How copies come and go: reads and writes of each product a second, and what ends a copy.

    `jitter` spreads each life over that share of `ttl_s`; for `grace_s` after its end a copy is still served, and
    the first who gets it fetches a new one. A write does "nothing", "deletes" or "refills".
    """

    reads: Floats
    writes: Floats
    ttl_s: float
    jitter: float
    grace_s: float
    on_write: str


@dataclass(frozen=True, slots=True)
class Answers:
    """Shares of all reads at each time: answered by the cache, stale, and those that made somebody ask the database."""

    hits: Floats
    stale: Floats
    loads: Floats


def answers(copies: Copies, times: Floats) -> Answers:
    """Return what reads at each of `times` find, the cache being empty at 0."""
    share = copies.reads / copies.reads.sum()
    value, count = grouped(share, CLASSES)
    reads = value * copies.reads.sum()
    writes = reads * (copies.writes.sum() / copies.reads.sum())
    weight = value * count
    if copies.ttl_s == inf:
        return _immortal(copies, reads, writes, weight, times)
    longest = copies.ttl_s * (1 + copies.jitter / 2) + copies.grace_s
    hot = np.asarray(reads * longest / STEPS > HOT)
    cold = _marched(copies, reads[~hot], writes[~hot], weight[~hot], longest, times)
    warm = _settled(copies, reads[hot], writes[hot], weight[hot], times)
    return Answers(cold.hits + warm.hits, cold.stale + warm.stale, cold.loads + warm.loads)


def _immortal(copies: Copies, reads: Floats, writes: Floats, weight: Floats, times: Floats) -> Answers:
    ends = writes if copies.on_write == "deletes" else np.zeros_like(reads)
    births = reads + (writes if copies.on_write == "refills" else 0.0)
    at = times[:, None]
    present = births / (births + ends) * -np.expm1(-(births + ends) * at)
    hits = np.asarray(present @ weight)
    return Answers(hits, np.zeros_like(hits), 1 - hits)


def _marched(copies: Copies, reads: Floats, writes: Floats, weight: Floats, longest: float, times: Floats) -> Answers:
    """Solve the renewal equation. Births are kept for the longest life; each has an age in the middle of its step."""
    step = longest / STEPS
    steps = min(int(np.ceil(times[-1] / step)), CYCLES * STEPS) + 1
    age = np.asarray((np.arange(STEPS) + 0.5) * step, dtype=np.float64)[:, None]
    fresh, seen, old = _kernels(copies, reads, writes, age)
    come = -np.expm1(-reads * step)  # chance of a read within a step
    rewritten = -np.expm1(-writes * step) if copies.on_write == "refills" else np.zeros_like(reads)
    partly = np.divide(come, reads * step)  # of a step, until that read
    births = np.zeros((steps + STEPS, len(reads)))
    found = np.zeros((3, steps))
    for now in range(steps):
        born = births[now : now + STEPS][::-1]
        is_fresh, is_there = (born * fresh).sum(0), (born * seen).sum(0)
        asks = (1 - is_fresh) * come
        births[now + STEPS] = asks + rewritten * (1 - asks)
        found[:, now] = (
            ((1 - (1 - is_there) * partly) * weight).sum(),
            ((born * old).sum(0) * weight).sum(),
            (asks / (reads * step) * weight).sum(),
        )
    hits, stale, loads = (_read_off(row, step, times, longest) for row in found)
    return Answers(hits, stale, loads)


def _read_off(row: Floats, step: float, times: Floats, longest: float) -> Floats:
    """Return a row at `times`; beyond its end the mean of its last lives."""
    at = np.arange(len(row)) * step
    settled = float(row[-SETTLED * STEPS :].mean())
    return np.where(times <= at[-1], np.interp(times, at, row), settled)


def _kernels(copies: Copies, reads: Floats, writes: Floats, age: Floats) -> tuple[Floats, Floats, Floats]:
    """Return how much of what was born so long ago is fresh, is there at all, and is there but stale."""
    low, wide = copies.ttl_s * (1 - copies.jitter / 2), copies.ttl_s * copies.jitter
    lives = np.clip((low + wide - age) / wide, 0.0, 1.0) if wide else (age < low).astype(np.float64)
    kept = np.exp(-writes * age) if copies.on_write != "nothing" else np.ones_like(reads * age)
    fresh = lives * kept
    seen = fresh
    if copies.grace_s:  # served beyond its end until somebody reads it; without jitter, which makes little difference
        late = (age >= copies.ttl_s) & (age < copies.ttl_s + copies.grace_s)
        fresh = (age < copies.ttl_s) * kept
        seen = fresh + late * np.exp(-reads * np.maximum(0.0, age - copies.ttl_s)) * kept
    old = seen * -np.expm1(-writes * age) if copies.on_write == "nothing" else np.zeros_like(seen)
    return fresh, seen, old


def _settled(copies: Copies, reads: Floats, writes: Floats, weight: Floats, times: Floats) -> Answers:
    """Return the mean over a cycle; only how old the copies are goes on swinging, for all were born at the start."""
    ttl, at = copies.ttl_s, times[:, None]
    often = writes if copies.on_write == "deletes" else np.zeros_like(reads)
    if copies.on_write == "refills":
        lives = np.expm1(np.minimum(writes * ttl, 700.0)) / np.maximum(writes, 1e-12)
        fresh = lives / (lives + 1 / (reads + writes))
    else:
        life = np.where(often > 0, -np.expm1(-often * ttl) / np.maximum(often, 1e-12), ttl)
        fresh = reads * life / (1 + reads * life)
    there = reads / (reads + often) if copies.grace_s else fresh  # somebody reads it before the grace is over
    hits = there * np.ones_like(at)
    stale = np.zeros_like(hits)
    if copies.on_write == "nothing":
        stale = -np.expm1(-writes * (at % (ttl + 1 / reads))) * hits
    return Answers(hits @ weight, stale @ weight, (1 - fresh) * np.ones_like(at) @ weight)
