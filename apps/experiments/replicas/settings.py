"""What was set for a replication run? The parameters, typed, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apps.experiments.params import ParamError, Params, Value, each

PEOPLE = 10  # who write; each page shows the entries of two of them
RELOAD_S = 0.02  # a reader looks twice, so far apart
TAIL_S = 1.0  # the least a run goes on after its event
WRITER_COMMIT = {  # synchronous_commit of the writers' sessions. "off" would hold back the log from standbys too
    "async": "local",
    "remote-write": "remote_write",
    "sync": "on",
    "remote-apply": "remote_apply",
    "quorum": "on",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a replication run. Rates per second, times in the unit that the name ends with."""

    mode: str
    replicas: int
    link_delay_ms: Value
    link_kbps: Value
    apply_delay_ms: float
    write_rps: int
    read_rps: int
    routing: str
    max_lag_ms: float
    duration_s: float
    event: str
    event_at_s: float

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def delays_s(self) -> list[float]:
        """Return the one-way delay of each standby's link, in seconds."""
        return [delay / 1e3 for delay in each(self.link_delay_ms, self.replicas)]

    @property
    def kbps(self) -> list[float]:
        """Return the bandwidth of each standby's link in kilobits per second; 0 is unlimited."""
        return each(self.link_kbps, self.replicas)

    @property
    def apply_delay_s(self) -> float:
        """Return how long after its commit a row may be shown by a standby at the earliest, in seconds."""
        return self.apply_delay_ms / 1e3

    @property
    def event_ends_s(self) -> float:
        """Return when replay or the link comes back: half way between the event and the end of the run."""
        return (self.event_at_s + self.duration_s) / 2

    @property
    def disturbed(self) -> tuple[float, float] | None:
        """Return from when to when (seconds) something is out of order; None without an event."""
        if self.event == "none":
            return None
        return self.event_at_s, self.duration_s if self.event == "primary-crash" else self.event_ends_s

    @property
    def copies(self) -> int:
        """Return how many standbys must confirm a commit: 0 in async mode.

        A quorum is a majority of all servers, the primary counting itself: 1 of 1, 1 of 2, 2 of 3 standbys.
        """
        return {"async": 0, "quorum": (self.replicas + 1) // 2, "remote-apply": self.replicas}.get(self.mode, 1)

    @property
    def standby_names(self) -> str:
        """Return PostgreSQL's synchronous_standby_names."""
        names = [f"s{number}" for number in range(1, self.replicas + 1)]
        if self.mode == "async":
            return ""
        if self.mode == "quorum":
            return f"ANY {self.copies} ({', '.join(names)})"
        return f"FIRST {self.copies} ({', '.join(names[: self.copies])})"

    @property
    def stops_writes(self) -> bool:
        """Return whether commits wait for what the event takes away."""
        if self.event == "pause-replay":
            return self.mode == "remote-apply"
        return self.event == "cut-link" and self.copies > (self.replicas - 1 if self.mode == "quorum" else 0)


def conflicts(params: Params) -> Mapping[str, str]:
    """Return what does not go together: as many numbers as links, and an event that comes early enough."""
    settings, problems = Settings.of(params), {}
    for name in ("link_delay_ms", "link_kbps"):
        try:
            each(params[name], settings.replicas)
        except ParamError:
            problems[name] = (
                f"There {'is 1 standby' if settings.replicas == 1 else f'are {settings.replicas} standbys'}: "
                f"use one number for all links, or {settings.replicas} with spaces between."
            )
    latest = settings.duration_s - TAIL_S
    if settings.event != "none" and settings.event_at_s > latest:
        problems["event_at_s"] = f"The run would be over. Use a number up to {latest:g} s, or a longer run."
    return problems
