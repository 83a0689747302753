"""Hit ratios are those of the reference's table, of the closed forms, and of libCacheSim on the same trace."""

import sys
import zlib
from functools import cache
from platform import machine

import numpy as np
import pytest

from apps.simulator.caches import theory
from apps.simulator.caches.popularity import popularity
from apps.simulator.caches.replay import replay
from apps.simulator.caches.traces import trace, zipf

OBJECTS, REQUESTS, WARM_UP = 100_000, 3_000_000, 1_000_000
CELLS = [(0.8, 1_000), (0.8, 10_000), (1.0, 1_000), (1.0, 10_000), (1.2, 1_000), (1.2, 10_000)]
TABLE = {
    "lru": (0.2047, 0.4690, 0.5069, 0.7376, 0.7953, 0.9177),
    "fifo": (0.1795, 0.4288, 0.4655, 0.7013, 0.7628, 0.9000),
    "clock": (0.2144, 0.4814, 0.5184, 0.7458, 0.8021, 0.9210),
    "slru": (0.3074, 0.5522, 0.5909, 0.7845, 0.8352, 0.9335),
    "2q": (0.2996, 0.5355, 0.5839, 0.7748, 0.8309, 0.9299),
    "lfu": (0.3050, 0.5471, 0.5950, 0.7864, 0.8409, 0.9351),
    "arc": (0.3110, 0.5426, 0.5963, 0.7809, 0.8385, 0.9329),
    "sieve": (0.3200, 0.5520, 0.6071, 0.7870, 0.8452, 0.9351),
    "s3-fifo": (0.3174, 0.5560, 0.6004, 0.7879, 0.8404, 0.9348),
    "w-tinylfu": (0.3245, 0.5756, 0.6065, 0.7986, 0.8436, 0.9377),
    "optimal": (0.4115, 0.6913, 0.6657, 0.8530, 0.8721, 0.9553),
}
ADAPTIVE = {"w-tinylfu": 0.005}  # the sketch is another; all others are equal to the last digit of the table
EXACT = {
    "lru": "LRU", "fifo": "FIFO", "clock": "Clock", "slru": "SLRU", "2q": "TwoQ", "lfu": "LFU", "sieve": "Sieve",
    "s3-fifo": "S3FIFO", "arc": "ARC", "optimal": "Belady",
}  # fmt: skip
CLOSED = {"lru": theory.lru, "fifo": theory.fifo, "random": theory.random}


@cache
def keys(alpha):
    return zipf(OBJECTS, alpha, REQUESTS, np.random.default_rng(42))


def hit_ratio(policy, alpha, capacity):
    return replay(policy, keys(alpha), capacity, warm_up=WARM_UP, seed=42).hit_ratio


@pytest.mark.parametrize(("alpha", "checksum"), [(0.8, 3589539460), (1.0, 3517077396), (1.2, 1635380276)])
def test_the_fixed_traces_are_still_the_same(alpha, checksum):
    """NumPy may change its streams one day; then the table has to be made anew."""
    assert zlib.crc32(keys(alpha).tobytes()) == checksum


@pytest.mark.parametrize(("kind", "checksum"), [("scan", 3930460954), ("loop", 3305370979), ("mixed", 422837658)])
def test_the_other_traces_are_still_the_same(kind, checksum):
    assert zlib.crc32(trace(kind, 1_000, 0.9, 10_000, np.random.default_rng(42)).tobytes()) == checksum


@pytest.mark.parametrize("policy", TABLE)
@pytest.mark.parametrize("cell", range(len(CELLS)))
def test_the_table_of_the_reference(policy, cell):
    assert hit_ratio(policy, *CELLS[cell]) == pytest.approx(TABLE[policy][cell], abs=ADAPTIVE.get(policy, 0.00006))


@pytest.mark.parametrize(("alpha", "capacity"), CELLS)
def test_che_and_gelenbe_know_lru_fifo_and_random(alpha, capacity):
    share = popularity(OBJECTS, alpha)
    for policy, closed in CLOSED.items():
        known = theory.overall(share, closed(share, capacity)[0])
        assert hit_ratio(policy, alpha, capacity) == pytest.approx(known, abs=0.002), policy


@pytest.mark.parametrize(("alpha", "capacity"), CELLS)
def test_no_policy_without_foresight_passes_the_one_that_holds_the_most_popular(alpha, capacity):
    """Under independent requests the best is fixed: the most popular objects. Only Belady's does better."""
    most = theory.perfect_lfu(popularity(OBJECTS, alpha), capacity)
    assert all(hit_ratio(policy, alpha, capacity) < most for policy in TABLE if policy != "optimal")
    assert hit_ratio("optimal", alpha, capacity) > most


@pytest.fixture(scope="module")
def libcachesim():
    if (sys.platform, machine()) != ("linux", "x86_64"):
        pytest.skip("libCacheSim has wheels for Linux on x86-64 only")
    import libcachesim

    return libcachesim


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return a function that writes a trace once, as libCacheSim reads it, and returns the path."""
    from bench.caches import write_oracle

    paths = {}

    def write(name, found):
        if name not in paths:
            paths[name] = tmp_path_factory.mktemp("traces") / f"{name}.oracleGeneral.bin"
            write_oracle(found, paths[name])
        return paths[name]

    return write


SHORT = {
    "zipf": lambda: keys(0.8)[:300_000],
    "steep": lambda: keys(1.2)[:300_000],
    "scan": lambda: trace("scan", 5_000, 0.9, 200_000, np.random.default_rng(1)),
    "loop": lambda: trace("loop", 1_100, 0.0, 100_000, np.random.default_rng(1)),
    "mixed": lambda: trace("mixed", 20_000, 0.9, 200_000, np.random.default_rng(1)),
}


@pytest.mark.parametrize("name", SHORT)
@pytest.mark.parametrize("capacity", [100, 1_000])
def test_libcachesim_counts_the_same_hits_on_the_same_trace(libcachesim, written, name, capacity):
    """Its defaults are our definitions: CLOCK of one bit; S3-FIFO with a tenth for the small line, nine tenths of
    ghosts, and two requests to move; SLRU of four lists; 2Q with a quarter for new keys and half of ghosts; LFU that
    evicts the first come among equals. W-TinyLFU counts in its own way."""
    from bench.caches import their_hits

    found = SHORT[name]()
    path = written(name, found)
    for policy, theirs in EXACT.items():
        ours = int(replay(policy, found, capacity).hits.sum())
        assert ours == their_hits(theirs, path, capacity, len(found), hashpower=16), policy
