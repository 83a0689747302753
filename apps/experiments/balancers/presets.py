"""Which questions about balancers are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

MEAN = "Mean time"

PRESETS = {
    "two-looks": Preset(
        "Two looks",
        "Sixteen servers at 90 %, 10 ms a request. Chosen at random a request takes 100 ms; sent to the one with the "
        "fewest open requests of all sixteen, 16 ms. Now the balancer looks at two at random only. How long?",
        Prediction("mean_ms", MEAN, 10.0, 200.0),
        {"algorithm": "two-choices", "servers": 16, "utilisation": 0.9},
        causes=(
            Cause(
                "A long line is chosen only if the other of two is as long",
                True,
                "The share of servers with a line of k falls as ρ^(2^k), not as ρ^k: long lines all but vanish. The "
                "second look is worth much more than the fourteen others.",
            ),
            Cause(
                "Two looks out of sixteen give an eighth of what sixteen looks give",
                False,
                "They give five sixths of it. The gain is in avoiding the worst, and two looks do that.",
            ),
            Cause(
                "The servers are less busy",
                False,
                "Each is busy 90 % of the time with every algorithm. Only the waiting differs.",
            ),
        ),
    ),
    "unequal": Preset(
        "Everyone in turn",
        "Four servers, two of them four times as slow. Together they are at 60 %. Round robin gives each the same; "
        "least connections would take 26 ms. How long does a request take, over a minute?",
        Prediction("mean_ms", MEAN, 10.0, 100_000.0),
        {"algorithm": "round-robin", "servers": 4, "slow_servers": 2, "utilisation": 0.6},
        causes=(
            Cause(
                "A slow server gets 37 requests a second and does 25; its line never ends",
                True,
                "The mean says how long you watched. 60 % in all hides 150 % at two servers, while the others are at "
                "37 %.",
            ),
            Cause(
                "Slow servers take four times as long for half of the requests",
                False,
                "Without a line that would be 25 ms on average. It is the line that takes seconds.",
            ),
            Cause(
                "The fast ones are overloaded, as they do most of the work",
                False,
                "They do, and have time left: they are at 37 %.",
            ),
        ),
    ),
    "one-is-slower": Preset(
        "One is a little slower",
        "Ten servers at 60 % in turn. Draw the mean time over 40 s, as one of them gets slower: as fast as the others, "
        "1.25 times as slow, …, four times.",
        Prediction("mean_ms", MEAN, 10.0, 1_000.0),
        {"algorithm": "round-robin", "slow_servers": 1, "utilisation": 0.6, "duration_s": 40.0},
        sweep=Sweep("slow_factor", (1.0, 1.25, 1.5, 1.75, 2.0, 3.0, 4.0)),
        causes=(
            Cause(
                "It still gets a tenth, and from 1.7 times on that is more than it can do",
                True,
                "Up to there it only gets busier. Beyond, its line grows as long as it lasts, and a tenth of all "
                "requests stand in it.",
            ),
            Cause(
                "The mean is that of ten servers, one of which takes longer",
                False,
                "Ten times 10 ms and one of them 40 ms makes 13 ms. What adds up is waiting.",
            ),
            Cause(
                "All ten get slower, as they wait for the slow one",
                False,
                "They know nothing of each other. Nine of ten requests are as fast as ever.",
            ),
        ),
    ),
    "black-hole": Preset(
        "The fastest is the one that is down",
        "Ten servers at 80 %, least connections. One goes down and refuses at once whatever comes; the balancer "
        "notices after 20 s. Round robin would drop 3.7 % of the requests of the whole minute. And here?",
        Prediction("dropped", "Dropped", 0.0, 0.5),
        {"algorithm": "least-connections", "event": "server-down", "noticed_s": 20.0},
        causes=(
            Cause(
                "Who refuses at once never has an open request, and so is always among the first",
                True,
                "While nobody notices, about three of ten requests go to the one that is down. Counting failures as "
                "load, or failing slowly, would help; so does a quick health check.",
            ),
            Cause(
                "One of ten servers is down, so it loses one of ten requests",
                False,
                "That is what round robin does, for it does not look.",
            ),
            Cause(
                "The other nine are overloaded and drop requests",
                False,
                "Their lines have no limit here: they drop nothing. Nine could just do the work of ten at 80 %.",
            ),
        ),
    ),
    "busy-client": Preset(
        "A client that never stops",
        "Consistent hashing keeps each of 1,000 clients at one of ten servers. Some send much more than others (Zipf, "
        "1). How many times the requests of a mean server does the busiest get?",
        Prediction("max_over_mean_load", "Busiest server", 1.0, 10.0),
        {"algorithm": "consistent-hash", "client_skew": 1.0, "utilisation": 0.6},
        causes=(
            Cause(
                "The busiest client alone is more than a server's share, and it is bound to one",
                True,
                "It sends 13 % of everything. At 60 % in all, its server gets more than it can do, and its line never "
                "ends. Staying at one server and sharing the load are at odds.",
            ),
            Cause(
                "A ring has too few points to be even",
                False,
                "With 100 points a server it is even within some 20 %. That explains a part only.",
            ),
            Cause(
                "1,000 clients are too few for ten servers",
                False,
                "If all sent alike, 100 clients a server would be even within 20 %.",
            ),
        ),
    ),
}
