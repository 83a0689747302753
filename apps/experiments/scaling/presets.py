"""Which questions about more servers are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

PRESETS = {
    "more-hands": Preset(
        "More hands",
        "One twentieth of a task can be done by one worker at a time only, and each tells each other what has changed, "
        "which takes half a thousandth of a task. Draw how many times as fast more workers are than one.",
        Prediction("speedup", "Speed-up", 0.0, 128.0),
        sweep=Sweep("servers", (1.0, 4.0, 16.0, 32.0, 64.0, 128.0)),
        causes=(
            Cause(
                "Talk grows with the square of the workers and in the end eats what each one adds",
                True,
                "N workers have N(N−1) talks. The peak is at √((1−σ)/κ) = 44 workers, with a speed-up of 10.7. "
                "128 workers do 8.3: less than 16 do.",
            ),
            Cause(
                "The lock alone holds them back",
                False,
                "A lock bends the curve to 20, its limit, but never down. Set κ to 0 and look.",
            ),
            Cause(
                "There is not enough work for all",
                False,
                "There is always a next task. What lacks is the time, spent on waiting and telling.",
            ),
        ),
    ),
    "one-twentieth": Preset(
        "One twentieth",
        "Nobody needs to talk any more. Only a twentieth of each task is under a lock. How many times as fast as one "
        "are 128 workers?",
        Prediction("speedup", "Speed-up", 1.0, 200.0),
        {"kappa": 0.0, "servers": 128},
        causes=(
            Cause(
                "The part under the lock has to be done 128 times, one after another",
                True,
                "A round takes 0.95 + 128 · 0.05 = 7.35 times a task: 128 / 7.35 = 17.4. Not even endlessly many "
                "workers get past 1/σ = 20 (Amdahl's law).",
            ),
            Cause(
                "19 of 20 parts run side by side, so they are 122 times as fast",
                False,
                "That would be so if the rest took no time. It takes most of the time, because it does not shrink.",
            ),
            Cause("Workers disturb each other's own work", False, "Their own parts take as long as when alone."),
        ),
    ),
    "twice-the-load": Preset(
        "Twice the load",
        "Six servers at 67 % serve 40 requests a second. At once 80 come. The controller orders enough servers after "
        "15 s; they take 120 s to boot. How long does the line get?",
        Prediction("peak_queue", "Longest line", 10.0, 20_000.0),
        {"model": "autoscaling"},
        causes=(
            Cause(
                "What is over the capacity piles up for as long as the boot takes",
                True,
                "80 − 60 = 20 a second, for 15 + 120 s: 2,700. Then the line is long gone from being short: it has to "
                "be served as well, by what is left over the load.",
            ),
            Cause(
                "The controller ordered too few servers",
                False,
                "It ordered all it needed at its first look. They were late, not few.",
            ),
            Cause(
                "The servers were overloaded before",
                False,
                "They were busy two thirds of their time, just under their target.",
            ),
        ),
    ),
    "ninety-per-cent": Preset(
        "Ninety per cent",
        "To save money the controller keeps servers at 90 % instead of 70 %. The same load doubles. With 70 %, 27 of "
        "100 requests took more than a second. And now?",
        Prediction("late_share", "Late", 0.0, 1.0),
        {"model": "autoscaling", "target_utilisation": 0.9},
        causes=(
            Cause(
                "A full server shows 100 %, never more: each order is a ninth of what is there, and a boot apart",
                True,
                "The controller cannot see how long the line is. At a target of 90 % it orders 100/90 of the servers, "
                "waits two minutes, sees 100 % again, and orders a ninth more.",
            ),
            Cause(
                "There are fewer servers to begin with, and that is all",
                False,
                "Five instead of six. That makes the line grow faster, but not for minutes on end.",
            ),
            Cause(
                "The servers cannot keep up with twice the load at any number",
                False,
                "Nine can, and up to 60 may be ordered.",
            ),
        ),
    ),
    "spare-ones": Preset(
        "Spare ones",
        "The controller at 70 % costs 4.1 server hours in this run, with 27 of 100 requests late. Now at least 9 "
        "servers are always kept, three more than needed before the load doubles. What does it cost?",
        Prediction("server_hours", "Cost", 2.0, 8.0),
        {"model": "autoscaling", "min_servers": 9},
        causes=(
            Cause(
                "Without a long line to serve afterwards, fewer servers are ordered",
                True,
                "Full servers made the controller order on and on, to work off the line. Nine servers see 89 % and "
                "order what the load needs. The spare ones cost 0.25 h in the first five minutes.",
            ),
            Cause(
                "Servers at rest cost nothing",
                False,
                "They cost the same here, from the order to the end.",
            ),
            Cause(
                "Fewer requests came",
                False,
                "The same requests at the same moments. Only their waits differ.",
            ),
        ),
    ),
}
