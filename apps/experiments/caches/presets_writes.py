"""Which questions about writes are worth a bet? Lost hits, old answers, lost writes."""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset
from apps.experiments.caches.presets_reads import HIT

PRESETS = {
    "writes-delete": Preset(
        "Some of them write",
        "Every product fits and nothing expires. But one request in five is a write, and deletes the product's copy. "
        "What share of the reads does the cache answer?",
        Prediction("hit_ratio", HIT, 0.0, 1.0),
        {"cache_fraction": 1.0, "read_fraction": 0.8, "objects": 1_000, "offered_rps": 800},
        causes=(
            Cause(
                "A read hits only if the last request for that product was a read as well.",
                True,
                "Yes: reads/(reads + writes), 80 % here. No memory in the world gives more. What is missing are "
                "products that were asked for the first time.",
            ),
            Cause(
                "The cache is too small for the hot products.",
                False,
                "Every product fits. More memory changes nothing.",
            ),
            Cause(
                "Writes make the database slow, so reads miss.",
                False,
                "A slow database makes a miss slower, not more frequent.",
            ),
            Cause(
                "Popular products are always there, so writes cost next to nothing.",
                False,
                "Popular products are also written more often. Each has the same four reads to a write.",
            ),
        ),
    ),
    "stale-copies": Preset(
        "Round the cache",
        "One request in ten is a write. It goes to the database and nobody tells the cache, where a copy lives ten "
        "seconds. What share of the reads gets an old version?",
        Prediction("stale_read_fraction", "Share of stale reads", 0.0, 1.0),
        {
            "pattern": "read-through",
            "cache_fraction": 1.0,
            "ttl_s": 10.0,
            "read_fraction": 0.9,
            "objects": 1_000,
            "duration_s": 30,
        },
        causes=(
            Cause(
                "Popular products are written soon after they were stored, and read as stale until the copy ends.",
                True,
                "Yes. The top product is written nearly four times a second: 97 % of its ten seconds are stale. Stale "
                "reads gather where most reads are.",
            ),
            Cause(
                "One request in ten is a write, so one read in ten is stale.",
                False,
                "One write spoils every read of that copy until it ends, not one read.",
            ),
            Cause(
                "The copies are ten seconds old, but hardly anything changes within ten seconds.",
                False,
                "True for the long tail. But the tail is not where the reads are.",
            ),
        ),
    ),
    "write-behind-crash": Preset(
        "Acknowledged and gone",
        "Writes are acknowledged by Redis, and a batch brings them to the database each second. Half of 400 requests "
        "a second are writes. Then Redis is killed. How many acknowledged writes are lost?",
        Prediction("lost_writes", "Acknowledged writes that are gone", 0.0, 5_000.0),
        {
            "pattern": "write-behind",
            "read_fraction": 0.5,
            "duration_s": 16,
            "event": "redis-down",
            "event_at_s": 9.0,
        },
        causes=(
            Cause(
                "What had come since the last batch was in Redis alone.",
                True,
                "Yes. 200 writes a second times the time since the last batch: anything up to 200, 100 on average.",
            ),
            Cause(
                "Everything that Redis held is gone, so all writes since the start are lost.",
                False,
                "The copies are gone, but all earlier batches are in the database.",
            ),
            Cause(
                "None: an acknowledged write is safe.",
                False,
                "It is as safe as whoever acknowledged it. Here that was a process that kept nothing on disk.",
            ),
            Cause(
                "The writes that came while Redis was down are lost.",
                False,
                "Those went to the database directly, slower but safe. Look at what was acknowledged before.",
            ),
        ),
    ),
}
