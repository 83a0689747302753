"""Can a learner get a fleet through a load that doubles at once, for little money?"""

from __future__ import annotations

from apps.experiments.challenge import Challenge, Goal

CHALLENGES = {
    "through-the-spike": Challenge(
        "Through the spike",
        "The load doubles from one moment to the next, and a server takes two minutes to boot. Keep 99 of 100 requests "
        "under 800 ms over the whole run. You set the controller; the fewest server hours win.",
        params={"model": "autoscaling", "load": "spike", "boot_s": 120.0},
        free=("target_utilisation", "min_servers", "cooldown_s"),
        goals=(Goal("p99_ms", "<=", 800.0),),
        cost=lambda params, figures: figures["server_hours"],
        cost_unit="server hours",
        par=4.4,
        idea="No controller is faster than a boot: whatever comes within it has to be served by what is there. A lower "
        "target keeps spare servers too, but in proportion to the load, so it pays for them twice: before the spike "
        "and after. A fixed floor is paid only while the load is low. Here nine or ten servers are the floor.",
        naive={"target_utilisation": 0.6},
        solution={"min_servers": 10},
    )
}
