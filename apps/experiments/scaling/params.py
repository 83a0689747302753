"""What may be set in the scaling lab, and which settings cannot be together?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.params import Choice, Param, Params

LAW = {"model": ("usl",)}
FLEET = {"model": ("autoscaling",)}

PARAMS = {
    "model": Param(
        "Model",
        "usl",
        "What is scaled.",
        group="Model",
        choices=(
            Choice("usl", "Workers", "Many workers share a lock, and tell each other what has changed."),
            Choice("autoscaling", "Autoscaling", "A controller orders servers as the load changes."),
        ),
    ),
    "servers": Param("Workers", 32, "The crew of whom the figures tell. All sizes are drawn.", group="Workers",
                     low=1, high=128, step=1, applies=LAW),
    "sigma": Param("Contention σ", 0.05, "Share of a task that only one worker can do at a time.", group="Workers",
                   low=0.0, high=0.5, step=0.01, applies=LAW),
    "kappa": Param("Coherency κ", 0.0005, "What it takes to tell one other worker, as a share of a task.",
                   group="Workers", low=0.0, high=0.01, step=0.0001, applies=LAW),
    "pace": Param(
        "Workers wait",
        "together",
        "For whom.",
        group="Workers",
        choices=(
            Choice("together", "For all", "Nobody begins a task before all have ended the last: exactly the law."),
            Choice("free", "At the lock only", "Each begins the next at once. The law is then the least they reach."),
        ),
        applies=LAW,
    ),
    "load": Param(
        "Load",
        "spike",
        "How the load rises.",
        choices=(
            Choice("spike", "Spike", "At once after 5 minutes, and stays."),
            Choice("ramp", "Ramp", "From 5 to 15 minutes, and stays."),
            Choice("wave", "Wave", "Up and down once in the run, as in a day."),
        ),
        applies=FLEET,
    ),
    "base_rps": Param("Before", 40.0, "Requests a second before the load rises.", unit="/s", low=1.0, high=100.0,
                      step=1.0, applies=FLEET),
    "peak_factor": Param("Rises to", 2.0, "Times the load before.", low=1.0, high=5.0, step=0.1, applies=FLEET),
    "minutes": Param("Length", 20, "Simulated minutes.", unit="min", low=10, high=40, step=5, applies=FLEET),
    "server_rps": Param("A server does", 10.0, "Requests a second. Services are exponential.", group="Servers",
                        unit="/s", low=2.0, high=50.0, step=1.0, applies=FLEET),
    "boot_s": Param("Boot", 120.0, "From the order of a server until it serves.", group="Servers", unit="s", low=0.0,
                    high=600.0, step=5.0, applies=FLEET),
    "target_utilisation": Param("Target utilisation", 0.7, "What the controller keeps to. It looks every 15 s.",
                                group="Controller", low=0.2, high=0.95, step=0.05, applies=FLEET),
    "cooldown_s": Param("Cooldown", 300.0, "Servers go only if fewer would have done for so long.",
                        group="Controller", unit="s", low=0.0, high=900.0, step=15.0, applies=FLEET),
    "min_servers": Param("At least", 1, "Servers that are never taken away.", group="Controller", low=1, high=100,
                         step=1, applies=FLEET),
    "max_servers": Param("At most", 60, "Servers that are ever ordered.", group="Controller", low=1, high=100, step=1,
                         applies=FLEET),
}  # fmt: skip


def conflicts(params: Params) -> Mapping[str, str]:
    """Return problems by name: bounds of the fleet the wrong way round."""
    if params["model"] == "autoscaling" and float(params["min_servers"]) > float(params["max_servers"]):
        return {"min_servers": f"More than at most {params['max_servers']}. Set it lower, or max_servers higher."}
    return {}
