"""What goes wrong in a run, and what is done about it? Replay stops, a cable is pulled, or the primary dies."""

from __future__ import annotations

from dataclasses import dataclass

from apps.experiments.base import ExperimentError
from apps.experiments.replicas.settings import Settings
from apps.experiments.replicas.stage import Stage

CUT = 1  # the standby that loses its cable: the synchronous one, where there is one


@dataclass
class Event:
    """One event of a run: it begins, and half way between that and the end it is over. Times since the start."""

    settings: Settings
    stage: Stage
    began_s: float | None = None
    ended_s: float | None = None
    promoted: int | None = None
    promotion_s: float = 0.0
    behind: dict[int, int] | None = None  # bytes that each standby had received less than the most advanced one

    def due(self) -> float | None:
        """Return when something is to be done next; None if nothing is."""
        if self.settings.event == "none":
            return None
        if self.began_s is None:
            return self.settings.event_at_s
        over = self.ended_s is not None or self.settings.event == "primary-crash"
        return None if over else self.settings.event_ends_s

    def happen(self, start: float) -> None:
        """Do what is due."""
        now = self.stage.clock.now
        if self.began_s is None:
            self.began_s = now() - start
            self._begin()
        else:
            self.ended_s = now() - start
            self.undo()

    def _begin(self) -> None:
        servers = self.stage.servers
        if self.settings.event == "pause-replay":
            servers.pause_replay()
        elif self.settings.event == "cut-link":
            servers.cut(CUT)
        else:
            self._fail_over()

    def undo(self) -> None:
        """Plug the cable in, let replay go on. Harmless when nothing is wrong."""
        if self.settings.event == "pause-replay":
            self.stage.servers.resume_replay()
        elif self.settings.event == "cut-link":
            self.stage.servers.mend(CUT)

    def _fail_over(self) -> None:
        """Kill the primary, promote the standby that received most, and show the writers the way to it."""
        stage, now = self.stage, self.stage.clock.now
        stage.close_primary()
        stage.servers.lose_primary()
        received = stage.servers.received()
        if not received:
            raise ExperimentError("No standby answered after the crash.")
        self.promoted = max(received, key=lambda standby: received[standby])
        self.behind = {standby: received[self.promoted] - position for standby, position in received.items()}
        began = now()
        stage.servers.promote(self.promoted)
        self.promotion_s = now() - began
        stage.open_primary(self.promoted)
