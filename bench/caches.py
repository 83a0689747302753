"""How fast are caches replayed? Requests per second, beside libCacheSim's C replay of the same trace in the same run.

Both are told in seconds of the processor, the least of several rounds in turns: what disturbs only adds. libCacheSim
runs as it comes, with a hash table of 2^24 places. Hit counts have to be equal where the definitions are;
`tests/simulator/caches` holds W-TinyLFU and chance to their tolerance.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import libcachesim
import numpy as np

from apps.simulator.caches.replay import POLICIES, replay
from apps.simulator.caches.traces import Trace, zipf
from bench.report import Row, against
from bench.site import ROOT

ROUNDS, OBJECTS, REQUESTS, SEED = 3, 100_000, 3_000_000, 42
ALPHA, CAPACITY = 1.0, 10_000
THEIRS = {
    "lru": "LRU", "fifo": "FIFO", "clock": "Clock", "slru": "SLRU", "2q": "TwoQ", "lfu": "LFU", "sieve": "Sieve",
    "s3-fifo": "S3FIFO", "arc": "ARC", "w-tinylfu": "WTinyLFU", "random": "Random", "optimal": "Belady",
}  # fmt: skip
DIFFER = ("w-tinylfu", "random")  # another sketch, other random numbers
CELLS = [(alpha, capacity) for alpha in (0.8, 1.0, 1.2) for capacity in (1_000, 10_000)]


def run() -> list[Row]:
    """Return requests/s of each policy beside libCacheSim's, and the seconds of the whole table of the reference."""
    rows = [Row("caches: first replay of all after an installation", round(_compile_s(), 2), "s")]
    _warm_up()
    trace = _trace(ALPHA)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "trace.oracleGeneral.bin"
        write_oracle(trace, path)
        for policy, name in THEIRS.items():
            rounds = [(_ours(policy, trace), _theirs(name, path)) for _ in range(ROUNDS)]
            assert policy in DIFFER or len({hits for pair in rounds for hits, _ in pair}) == 1, f"{policy}: hits differ"
            ours, theirs = (min(seconds for _, seconds in side) for side in zip(*rounds, strict=True))
            rows.append(against(f"caches: {policy} (ref: libCacheSim)", REQUESTS / ours, "/s", REQUESTS / theirs))
    return [*rows, Row(f"caches: {len(CELLS)} cells x {len(POLICIES)} policies", round(_table_s(), 2), "s")]


def write_oracle(trace: Trace, path: Path) -> None:
    """Write a trace as libCacheSim reads it fastest: 24 bytes a request, with the place of the next one (-1: none)."""
    later, uses = np.full(int(trace.max()) + 1, -1), np.empty(len(trace), dtype=np.int64)
    for place in range(len(trace) - 1, -1, -1):
        uses[place] = later[trace[place]]
        later[trace[place]] = place
    rows = np.zeros(len(trace), dtype=[("time", "<u4"), ("key", "<u8"), ("size", "<u4"), ("next", "<i8")])
    rows["time"], rows["key"], rows["size"], rows["next"] = np.arange(len(trace)) // 1_000, trace + 1, 1, uses
    rows.tofile(path)


def their_hits(name: str, path: Path, capacity: int, requests: int, **options: Any) -> int:
    """Return how many hits libCacheSim counts for a policy over the whole trace."""
    reader = libcachesim.TraceReader(str(path), trace_type=libcachesim.TraceType.ORACLE_GENERAL_TRACE)
    missed, _ = getattr(libcachesim, name)(capacity, **options).process_trace(reader)
    return round((1 - missed) * requests)


def _ours(policy: str, trace: Trace) -> tuple[int, float]:
    return _timed(lambda: int(np.count_nonzero(replay(policy, trace, CAPACITY, seed=SEED).hits)))


def _theirs(name: str, path: Path) -> tuple[int, float]:
    return _timed(lambda: their_hits(name, path, CAPACITY, REQUESTS))


def _table_s() -> float:
    def table() -> int:
        traces = {alpha: _trace(alpha) for alpha in {alpha for alpha, _ in CELLS}}
        for alpha, capacity in CELLS:
            for policy in POLICIES:
                replay(policy, traces[alpha], capacity, seed=SEED)
        return len(CELLS)

    return _timed(table)[1]


def _trace(alpha: float) -> Trace:
    return zipf(OBJECTS, alpha, REQUESTS, np.random.default_rng(SEED))


def _compile_s() -> float:
    """Return the seconds of one replay of each policy in a fresh process that finds nothing compiled."""
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-c", "from bench import caches; caches._warm_up()"]
        started = time.perf_counter()
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "NUMBA_CACHE_DIR": directory})
        return time.perf_counter() - started


def _warm_up() -> None:
    for policy in POLICIES:
        replay(policy, np.arange(100) % 7, 3, seed=SEED)


def _timed(work: Callable[[], int]) -> tuple[int, float]:
    started = time.process_time()
    value = work()
    return value, time.process_time() - started
