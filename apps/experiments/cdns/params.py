"""What may be set in the lab of content delivery networks?"""

from __future__ import annotations

from apps.experiments.params import Choice, Param

CACHES, COPIES, LATENCY = "Caches", "Copies", "Latency"
YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))

PARAMS = {
    "edges": Param("Edges", 10, "Caches near the clients, which share the requests evenly.", group=CACHES, low=1,
                   high=20, step=1),
    "edge_capacity": Param("Room of an edge", 1_000, "Objects that one edge can keep.", group=CACHES, low=1,
                           high=100_000, step=100),
    "shield": Param("Shield", "yes", "One more cache, which all edges ask before the origin.", group=CACHES,
                    choices=YES_NO),
    "shield_capacity": Param("Room of the shield", 10_000, "Objects that it can keep.", group=CACHES, low=1,
                             high=100_000, step=100, applies={"shield": ("yes",)}),
    "coalesce": Param("One fetch for all", "yes", "Requests for what is being fetched wait for it (yes), or are "
                      "fetched as well (no).", group=CACHES, choices=YES_NO),
    "objects": Param("Objects", 100_000, "How many different ones clients ask for.", low=1, high=100_000, step=100),
    "alpha": Param("Popularity", 0.8, "Exponent of Zipf's law: 0 is even, 1 is steep.", low=0.0, high=2.0, step=0.05),
    "rps": Param("Requests", 5_000.0, "Per second, from all clients together.", unit="/s", low=1.0, high=50_000.0,
                 step=100.0),
    "duration_s": Param("Length", 60.0, "Simulated time. Caches are full at the start.", unit="s", low=2.0, high=120.0,
                        step=1.0),
    "ttl_s": Param("Time to live", 0.0, "How long a copy is fresh from its fetch from the origin on, wherever it is "
                   "copied to. 0: for ever.", group=COPIES, unit="s", low=0.0, high=86_400.0, step=1.0),
    "swr_s": Param("Stale while revalidate", 0.0, "For so long after that it is served stale, and fetched anew "
                   "meanwhile.", group=COPIES, unit="s", low=0.0, high=86_400.0, step=1.0),
    "event": Param("Event", "none", "What happens on the way.", group=COPIES, choices=(
        Choice("none", "None"),
        Choice("purge", "Purge", "All caches are emptied."),
    )),
    "event_at_s": Param("It happens", 30.0, "Second of the run.", group=COPIES, unit="s", low=0.0, high=119.0, step=1.0,
                        applies={"event": ("purge",)}),
    "edge_ms": Param("Client to edge", 10.0, "There and back.", group=LATENCY, unit="ms", low=0.0, high=1_000.0,
                     step=1.0),
    "shield_ms": Param("Edge to shield", 30.0, "There and back.", group=LATENCY, unit="ms", low=0.0, high=1_000.0,
                       step=1.0, applies={"shield": ("yes",)}),
    "origin_ms": Param("To the origin", 100.0, "There and back, from whoever asks it, its work included.",
                       group=LATENCY, unit="ms", low=0.0, high=5_000.0, step=1.0),
}  # fmt: skip
