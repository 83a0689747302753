"""Which questions about breakers and what they guard are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

PRESETS = {
    "the-other-sixty": Preset(
        "The other sixty",
        "100 requests a second come to a service with 30 threads. Each takes 10 ms, and 40 of the 100 need a "
        "dependency. It stops answering; the timeout is 1 s. How many requests a second does the service still answer "
        "in time?",
        Prediction("goodput_during", "Goodput meanwhile", 0.0, 100.0),
        {"breaker": "off"},
        causes=(
            Cause(
                "All threads wait for the dependency, so the 60 who do not need it find none",
                True,
                "Little's law: 40 calls a second of 1 s each hold 40 threads, and there are 30. The line for a thread "
                "gets longer than clients wait, for all of them.",
            ),
            Cause(
                "The 60 need the dependency too, in a roundabout way",
                False,
                "They never call it. All they share with the others are the threads.",
            ),
            Cause(
                "The service has too much work",
                False,
                "Its own work asks for one thread. The other 29 do nothing but wait.",
            ),
        ),
    ),
    "with-a-breaker": Preset(
        "With a breaker",
        "The same failure of 20 s. A breaker opens when half of the last 20 calls failed, and lets 5 calls through "
        "every 5 s to see. How many of the 30 threads are held on average meanwhile?",
        Prediction("threads_held", "Threads held", 0.0, 30.0),
        causes=(
            Cause(
                "While it is open a call fails at once, and holds nothing",
                True,
                "One thread is for the requests' own work. The rest are the trial calls: 5 of them wait 1 s, every "
                "6 s. All 60 requests that do not need the dependency are answered.",
            ),
            Cause(
                "The breaker makes the dependency answer again",
                False,
                "It is down as long as before. What changed is who waits for it: nearly nobody.",
            ),
            Cause(
                "Fewer requests come",
                False,
                "As many as before. 40 a second fail, but at once.",
            ),
        ),
    ),
    "below-the-threshold": Preset(
        "Below the threshold",
        "The breaker opens when half of the last 20 calls failed. Now a share of calls fails at random for 20 s. Draw "
        "how long the breaker is open in all, for 10 to 60 % of calls failing.",
        Prediction("time_open_s", "Open", 0.0, 30.0),
        {"failure": "share"},
        sweep=Sweep("failure_share", (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)),
        causes=(
            Cause(
                "Of 20 calls there are now and then 10 that fail, though only 3 or 4 of 10 do",
                True,
                "With 40 %, one window in four has ten failures or more, and there are two windows a second. It opens "
                "soon, and then calls fail that would have succeeded. A window of 100 tells 30 from 50 %.",
            ),
            Cause(
                "The breaker counts slow calls as failures too",
                False,
                "It does, but here none of them is slow: they take 20 ms on average, and may take a second.",
            ),
            Cause(
                "Failures come in bursts",
                False,
                "Each call fails on its own. Bursts would make it worse.",
            ),
        ),
    ),
    "open-too-long": Preset(
        "Open too long",
        "The breaker stays open for 40 s. The failure lasts 20 s. How many seconds after its end is all well again?",
        Prediction("recovered_after_s", "Well after", 0.0, 60.0),
        {"open_s": 40.0},
        causes=(
            Cause(
                "It does not ask before its time is over, so it cannot know",
                True,
                "It opened 1.5 s into the failure, and asks 40 s later: 21 s after all was well. What is saved in a "
                "long failure is lost after a short one.",
            ),
            Cause(
                "The dependency needs time to come back",
                False,
                "It works off what hangs in it within half a second.",
            ),
            Cause(
                "A backlog has to be worked off",
                False,
                "There is none: calls failed at once while it was open.",
            ),
        ),
    ),
    "slow-not-failing": Preset(
        "Slow, not failing",
        "The dependency does not fail. It takes 0.9 s instead of 20 ms, and the timeout is 2 s. The breaker is on. How "
        "many of the 30 threads are held?",
        Prediction("threads_held", "Threads held", 0.0, 30.0),
        {"failure": "slow", "slow_ms": 900.0, "timeout_ms": 2_000.0},
        causes=(
            Cause(
                "Nine of ten calls succeed, if late: the breaker has nothing to count",
                True,
                "40 calls a second of 0.8 s each hold 32 threads. A breaker sees failures, and only the timeout makes "
                "slow calls fail: with 200 ms it opens at once, and one thread is held.",
            ),
            Cause(
                "The breaker opens, but too late",
                False,
                "It never opens. Look at its state.",
            ),
            Cause(
                "The threshold is too high",
                False,
                "One call in ten fails. A threshold so low would open on ordinary days.",
            ),
        ),
    ),
}
