"""Where does a figure come from? Measured or simulated, on which servers, in how many trials, with which seed."""

from apps.experiments.base import Experiment
from apps.labs.models import Run
from apps.labs.wording import in_words


def servers(experiment: Experiment, passport: dict | None) -> str:
    """Return on what a run ran: "Redis 6.2.14 in front of PostgreSQL 18.4", or the model; "" if unknown."""
    found = [(passport or {})[name] for name in experiment.engines if name in (passport or {})]
    return " in front of ".join(found) or experiment.model


def provenance(experiment: Experiment, *, passport: dict | None, trials: int, seeds: list[int]) -> str:
    """Return one line for a chart: "measured · Redis 6.2.14 · 2 cores · 5 trials · seeds 7 to 11"."""
    host = (passport or {}).get("host", {})
    cores = f"{host['cores']} cores" if "cores" in host else ""
    count = "1 trial" if trials == 1 else f"{trials} trials"
    return " · ".join(filter(None, [experiment.kind, servers(experiment, passport), cores, count, seeds_told(seeds)]))


def seeds_told(seeds: list[int]) -> str:
    """Return which seeds were used, the long way round only where they do not follow each other."""
    several = sorted(set(seeds))
    if len(several) < 2:
        return f"seed {several[0]}" if several else ""
    if several == list(range(several[0], several[-1] + 1)):
        return f"seeds {several[0]} to {several[-1]}"
    return f"{len(several)} seeds" if len(several) > 3 else "seeds " + ", ".join(map(str, several))


def passport_told(experiment: Experiment, run: Run) -> list[tuple[str, str]]:
    """Return the passport of a finished run in words, its settings included."""
    passport = run.result["passport"]
    host = passport.get("host", {})
    told = [
        ("Model" if experiment.model else "Servers", servers(experiment, passport)),
        ("Host", f"{host.get('platform', '')}, {host.get('cores', '?')} cores, Python {host.get('python', '?')}"),
        ("Processes on cores", host.get("placement", "")),
        ("Machine busy before the run", _share(passport.get("busy_before"))),
        ("Machine busy during the run", _share(passport.get("busy_during"), ", the run's own work included")),
        ("Load average before, after", f"{passport.get('load_before', '?')}, {passport.get('load_after', '?')}"),
        ("Seed", str(run.seed)),
        ("Code", passport.get("code", "")),
        ("Started", passport.get("started_at", "")),
        ("Took", f"{passport.get('duration_s', '?')} s"),
        ("Attempt", str(run.attempt)),
        ("Request", run.request_id),
    ]
    for what, count in passport.get("counted", {}).items():
        told.append((what.capitalize(), f"{count['client']:,} by our client, {count['server']:,} by the server"))
    told += [
        (param.label, in_words(param, run.params[name]))
        for name, param in experiment.params.items()
        if name in run.params
    ]
    return [(what, text) for what, text in told if text]


def _share(value: float | None, more: str = "") -> str:
    """Return a share of the machine's time; the kernel does not tell it everywhere."""
    return "not known here" if value is None else f"{value * 100:.0f}\u00a0%{more}"
