"""Which questions does the caching lab ask? In the order in which a learner meets them."""

from __future__ import annotations

from apps.experiments.caches import presets_events, presets_reads, presets_writes

PRESETS = {**presets_reads.PRESETS, **presets_events.PRESETS, **presets_writes.PRESETS}
