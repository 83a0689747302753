"""Which questions about content delivery networks are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep
from apps.experiments.params import Value

ORIGIN = "Share of the requests that the origin gets"
FITS: dict[str, Value] = {"objects": 10_000, "edge_capacity": 10_000, "alpha": 1.0, "shield": "no"}

PRESETS = {
    "a-shield": Preset(
        "A shield",
        "Ten edges have room for 1,000 of 100,000 objects each, and 80 % of the requests go on to the origin. Now all "
        "edges ask one shield first, with room for 10,000: as much as they have together. What share gets through?",
        Prediction("origin_share", ORIGIN, 0.0, 1.0),
        causes=(
            Cause(
                "The edges hold ten times nearly the same objects, the shield ten thousand different ones",
                True,
                "It answers a third of what edges miss, although the most popular objects never get to it: 80 % "
                "becomes 53 %.",
            ),
            Cause(
                "A shield with as much room as all edges answers as much as all edges: another 20 %",
                False,
                "It answers 33 % of what it is asked. Its room counts once for all edges, theirs only for themselves.",
            ),
            Cause(
                "The edges have sent everything popular on to it, so nearly all hits",
                False,
                "The opposite: what is popular stays at the edges. The shield gets the rare rest, hard to hit.",
            ),
        ),
    ),
    "as-big-as-an-edge": Preset(
        "A shield as big as an edge",
        "Edges with room for 10,000 objects each, and a shield with room for 10,000. Of what the edges ask it for, "
        "which share does it have?",
        Prediction("shield_hit_ratio", "Shield hit ratio", 0.0, 1.0),
        {"edge_capacity": 10_000},
        causes=(
            Cause(
                "What it could hold is what the edges hold already",
                True,
                "A request comes to it only if the object was too rare for an edge. To be useful a parent must "
                "remember for longer than its children: with 100,000 places it would have all.",
            ),
            Cause(
                "Ten edges push each other's objects out of it",
                False,
                "They ask for the same objects by the same popularity. Ten of them asking makes hits more likely, not "
                "less.",
            ),
            Cause(
                "It is asked too seldom to fill up",
                False,
                "It is full from the start, and gets more than 2,500 requests a second.",
            ),
        ),
    ),
    "time-to-live": Preset(
        "How long may a copy live?",
        "Everything fits: 10,000 objects, room for all of them at each of ten edges, no shield. Draw how many fetches "
        "per second the origin gets against the time to live.",
        Prediction("origin_load", "Origin load", 10.0, 5_000.0),
        FITS,
        sweep=Sweep("ttl_s", (1.0, 5.0, 20.0, 60.0, 300.0, 1_800.0)),
        causes=(
            Cause(
                "Popular objects gain at once, rare ones expire before anybody asks again",
                True,
                "An object that an edge is asked for λ times a second costs one fetch in 1+λT requests. For the long "
                "tail λT is small up to minutes, so the load falls far slower than 1/T.",
            ),
            Cause(
                "Each object is fetched once per time to live, so the load is objects over T",
                False,
                "That would be 10,000 fetches a second at 10 s, more than all requests. What nobody asks for is not "
                "fetched.",
            ),
            Cause(
                "The edges have no room for so many objects",
                False,
                "They have room for all. Nothing is ever evicted here; copies only expire.",
            ),
        ),
    ),
    "purge": Preset(
        "Purge everything",
        "Ten edges hold everything, nothing expires, and the origin has nothing to do. At second 30 somebody purges "
        "all caches. 5,000 requests a second come. How many fetches does the origin get in its busiest second?",
        Prediction("peak_origin_load", "Fetches in the busiest second", 0.0, 5_000.0),
        {**FITS, "event": "purge"},
        causes=(
            Cause(
                "Each edge has to fetch each object for itself, and in a second few objects repeat at one edge",
                True,
                "500 requests a second at an edge are for fewer than 300 different objects. A shield would fetch each "
                "once for all ten edges: 1,700 in that second, and a much shorter tail.",
            ),
            Cause(
                "All 5,000, since no cache has anything",
                False,
                "Only for the first instant. The most popular objects are back after a tenth of a second.",
            ),
            Cause(
                "Only a few hundred: one fetch brings an object back for everyone",
                False,
                "For everyone at that edge. Without a shield ten edges fetch the same object ten times.",
            ),
        ),
    ),
    "stale-while-revalidate": Preset(
        "Stale while revalidate",
        "A time to live of 10 s sends 1,540 of 5,000 requests a second to the origin, and each of those clients waits. "
        "Now copies are served stale for 60 s more, while they are fetched anew. How many fetches per second does the "
        "origin get?",
        Prediction("origin_load", "Origin load", 0.0, 5_000.0),
        {**FITS, "ttl_s": 10.0, "swr_s": 60.0},
        causes=(
            Cause(
                "Every expired copy that is asked for is still fetched once; only nobody waits for it",
                True,
                "Stale while revalidate moves the fetch out of the client's way. It hides the expiry and saves the "
                "origin nothing.",
            ),
            Cause(
                "Copies now live for 70 s, so about a third is left",
                False,
                "A stale copy is refreshed by the first request that finds it stale, not at the end of the 60 s.",
            ),
            Cause(
                "Stale copies are never fetched again",
                False,
                "They are, in the background. Compare the share that is served stale: each of those began a fetch, or "
                "met one.",
            ),
        ),
    ),
}
