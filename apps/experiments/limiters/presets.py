"""Which questions about rate limiting are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

MOST = "Most requests within one second"

PRESETS = {
    "window-boundary": Preset(
        "Bursts on the edge",
        "A fixed window allows 100 requests a second. A customer sends 200 in a fifth of a second, half before and "
        "half after the edge of a window. How many are admitted within one second?",
        Prediction("worst_window", MOST, 50.0, 400.0),
        {"duration_s": 6},
        causes=(
            Cause(
                "The count begins again at the edge",
                True,
                "100 were admitted just before it and 100 just after: each window kept its limit. The second that lies "
                "across both did not.",
            ),
            Cause(
                "Two requests read the same count",
                False,
                "Here a script in Redis decides, and it runs alone. Nothing leaked: an exact window admits as many.",
            ),
            Cause(
                "The clocks of gateway and Redis differ",
                False,
                "Only the clock of Redis counts. The gateway's is used to send at the right moment, no more.",
            ),
        ),
    ),
    "sliding-log": Preset(
        "Remember every moment",
        "Bursts on the edge again, but the limiter remembers when it let in each request of the last second. How many "
        "bytes does Redis need for one customer, as the limit grows?",
        Prediction("bytes_per_key", "Memory for one customer", 10.0, 100_000.0),
        {"algorithm": "sliding-log", "offered_rps": 5_000, "clock": "virtual", "duration_s": 4},
        sweep=Sweep("limit", (10, 50, 100, 200, 400, 700, 1_000)),
        causes=(
            Cause(
                "It keeps one number for each request that is admitted",
                True,
                "About five bytes each, for it is a list of small integers. It never passes the limit in any second, "
                "and memory is the price: O(L).",
            ),
            Cause(
                "It keeps one number for each request that comes",
                False,
                "What is rejected is not remembered. The list never holds more than the limit.",
            ),
            Cause(
                "Redis needs a fixed amount for each key",
                False,
                "Name and entry take some 150 bytes here. The rest grows with the limit: put it at 1,000 and look.",
            ),
        ),
    ),
    "sliding-counter": Preset(
        "Two counts instead of a hundred moments",
        "The bursts on the edge meet a sliding counter. It keeps two counts: this window's, and the last one's, "
        "which it takes as far as the last window still overlaps. How many of 200 are admitted within one second?",
        Prediction("worst_window", MOST, 50.0, 400.0),
        {"algorithm": "sliding-counter", "duration_s": 4},
        causes=(
            Cause(
                "Just after the edge, nearly all of the last window still counts",
                True,
                "At first it is full. A tenth of a second on, nine tenths of the last count are left, and some nine "
                "requests fit. An estimate in constant memory: it takes the last window as if it had been even.",
            ),
            Cause(
                "It looks at every request of the last second",
                False,
                "That is the log, which would have admitted exactly 100, and remembers a hundred moments for it.",
            ),
            Cause(
                "It forgets the last window at the edge",
                False,
                "That is the fixed window. It admitted all 200.",
            ),
        ),
    ),
    "token-bucket": Preset(
        "A bucket full of tokens",
        "A bucket holds 100 tokens and gets 100 new ones a second. A customer sends 1,000 a second from the first "
        "moment on. What is the most that is admitted within one second?",
        Prediction("worst_window", MOST, 50.0, 400.0),
        {"algorithm": "token-bucket", "traffic": "steady", "duration_s": 4},
        causes=(
            Cause(
                "The bucket was full, and it fills while it is emptied",
                True,
                "100 at once and then 100 a second: B + rt. Later seconds get 100 only. The burst is a promise that "
                "you chose to make, not an error.",
            ),
            Cause(
                "The count begins again at the edge of the second",
                False,
                "A bucket knows no edges. Its first second is special because nobody had taken anything before.",
            ),
            Cause(
                "Tokens are handed out too fast",
                False,
                "They come at exactly 100 a second: look at the chart after the first second.",
            ),
        ),
    ),
    "leaky-bucket": Preset(
        "A queue that drips",
        "The bursts of 200 on the edge now meet a queue of 50 places, which lets 100 a second go. What is the most "
        "that reaches the service within a tenth of a second?",
        Prediction("peak_100ms", "Most within 0.1 s", 1.0, 200.0),
        {"algorithm": "leaky-bucket", "burst": 50, "duration_s": 4},
        causes=(
            Cause(
                "One leaves each hundredth of a second, whenever it came",
                True,
                "The burst is stretched. The price is time: the last place in the queue waits half a second, B · W/L.",
            ),
            Cause(
                "Fewer were admitted",
                False,
                "The queue takes 50 and one more each 10 ms; a bucket of 50 tokens admits one less, but all at once.",
            ),
            Cause(
                "Redis slowed the burst down",
                False,
                "Redis decided on each request at once: look at the decisions. It says when a request may go on.",
            ),
        ),
    ),
    "naive-counter": Preset(
        "Read, then write",
        "The gateway reads the count, compares, and writes it back: two round trips. Requests come at random over "
        "8 connections, and 100 a second are allowed. How many too many are let in within 4 seconds, as more come?",
        Prediction("leaked", "Let in beyond the limit", 1.0, 1_000.0),
        {"store": "redis-naive", "traffic": "poisson", "offered_rps": 3_000, "clients": 8, "duration_s": 4},
        sweep=Sweep("offered_rps", (250, 500, 1_000, 2_000, 3_000, 4_000)),
        causes=(
            Cause(
                "Others read the same count before it was written back",
                True,
                "Both see 99, both are let in, both write 100. The more requests come between a read and its write, "
                "the more leaks: λτ for each admission.",
            ),
            Cause(
                "The count begins again at the edge",
                False,
                "It does, and an exact fixed window does that too. What leaked is counted against that one.",
            ),
            Cause(
                "Redis ran the commands of two connections at the same time",
                False,
                "Redis runs one command after the other. But between two of one client's there is room for others.",
            ),
            Cause(
                "There were not enough connections",
                False,
                "Fewer would leak less. With a single one nothing comes between.",
            ),
        ),
    ),
    "local-counters": Preset(
        "Every gateway for itself",
        "Gateways count in their own memory, each up to 50 a second, and 1,000 requests a second are dealt out to "
        "them. How many are admitted in the worst second?",
        Prediction("worst_window", MOST, 25.0, 1_000.0),
        {
            "algorithm": "sliding-log",
            "limit": 50,
            "store": "local",
            "nodes": 4,
            "traffic": "steady",
            "clock": "virtual",
            "duration_s": 4,
        },
        sweep=Sweep("nodes", (1, 2, 3, 4, 6, 8)),
        causes=(
            Cause(
                "Each gateway admits the whole limit",
                True,
                "k gateways admit k · L. To divide the limit by k is right only while each customer is spread evenly, "
                "and wrong on the day a gateway is added.",
            ),
            Cause(
                "The gateways' clocks differ",
                False,
                "They share one. Four exact limiters with exact clocks still admit four times the limit.",
            ),
            Cause(
                "Requests were decided twice",
                False,
                "Each went to one gateway and was decided there. Nobody knew what the others had admitted.",
            ),
        ),
    ),
    "fail-open": Preset(
        "Redis dies, and everybody comes in",
        "500 requests a second come and 100 are allowed. After 3 of 8 seconds Redis is killed, and is back after a "
        "quarter of what remains. The gateways let in what they cannot decide. How many too many?",
        Prediction("leaked", "Let in beyond the limit", 10.0, 5_000.0),
        {
            "algorithm": "gcra",
            "traffic": "steady",
            "offered_rps": 500,
            "duration_s": 8,
            "event": "redis-down",
        },
        causes=(
            Cause(
                "Without Redis nobody was refused",
                True,
                "All 500 a second got in for as long as Redis was gone, 400 more than allowed. The service behind must "
                "stand that, or it needs a limit of its own.",
            ),
            Cause(
                "Requests piled up and came all at once",
                False,
                "Nothing waited: a dead server refuses a connection at once. A silent one is worse: set a timeout.",
            ),
            Cause(
                "The new Redis had forgotten everything",
                False,
                "It had, and that let one more burst of 100 in. Most of it leaked before.",
            ),
        ),
    ),
    "fail-closed": Preset(
        "Redis dies, and nobody comes in",
        "The same death, but now the gateways turn away what they cannot decide. How many requests get that answer?",
        Prediction("undecided", "Decided without Redis", 10.0, 5_000.0),
        {
            "algorithm": "gcra",
            "traffic": "steady",
            "offered_rps": 500,
            "duration_s": 8,
            "event": "redis-down",
            "on_failure": "closed",
        },
        causes=(
            Cause(
                "Everything that came meanwhile was refused",
                True,
                "The limit held, and for more than a second the service was down although nothing was wrong with it. "
                "Such an answer is 503, not 429: it was not the customer's fault.",
            ),
            Cause(
                "Only what was over the limit was refused",
                False,
                "Without Redis a gateway does not know what is over the limit.",
            ),
            Cause(
                "Requests waited for Redis",
                False,
                "None did: a dead server refuses a connection at once, and the gateway then says no by itself.",
            ),
        ),
    ),
}
