"""Who plays which part in a run: which server takes the writes, which standbys answer reads, and how far each is?"""

from __future__ import annotations

import os
from socket import SHUT_RDWR, socket
from threading import Event, Lock

from apps.experiments.clock import Clock
from apps.experiments.lab_postgres import Connection
from apps.experiments.lab_replicas import LabReplicas
from apps.experiments.replicas.routing import PRIMARY

NAP_S = 0.05


class Over(Exception):
    """The run has ended while a client waited for a new primary."""


class Stage:
    """What the clients share. `term` counts the primaries: 0 is the first one, 1 the standby promoted after it."""

    def __init__(self, servers: LabReplicas, clock: Clock) -> None:
        self.servers, self.clock = servers, clock
        self.primary = PRIMARY
        self.standbys: tuple[int, ...] = tuple(range(1, servers.standbys + 1))
        self.term = 0
        self.positions: dict[int, int] = {}  # how far each standby has replayed the log, as last heard
        self.lags_s: dict[int, float] = {}  # how old what each standby shows is, by its heartbeats
        self._writable, self._over = Event(), Event()
        self._writable.set()
        self._lines: list[Connection] = []
        self._lock = Lock()

    def connect(self, server: int, **settings: str) -> Connection:
        """Return a new connection to a server, which `hang_up` closes."""
        line = self.servers.connect(server, **settings)
        with self._lock:
            self._lines.append(line)
        return line

    def close_primary(self) -> None:
        """Say that there is no primary from now on, and that no standby follows one."""
        self._writable.clear()
        self.standbys = ()
        self.term += 1

    def open_primary(self, server: int) -> None:
        """Say that `server` takes the writes from now on."""
        self.primary = server
        self._writable.set()

    def wait_for_primary(self) -> int:
        """Return the number of the primary, as soon as there is one. Raises Over if the run ends before that."""
        while not self._writable.wait(NAP_S):
            if self._over.is_set():
                raise Over
        return self.primary

    @property
    def over(self) -> bool:
        """Return whether the run has ended."""
        return self._over.is_set()

    def end(self) -> None:
        """Let those go home who wait for something."""
        self._over.set()

    def cut_lines(self) -> None:
        """Cut every connection under a statement that gets no answer: the client that waits for it fails then.

        Closing a connection of psycopg while another thread waits on it would crash the process.
        """
        self.end()
        for line in list(self._lines):
            if not line.closed:
                with socket(fileno=os.dup(line.fileno())) as wire:
                    try:
                        wire.shutdown(SHUT_RDWR)
                    except OSError:  # the other side is gone already
                        continue

    def hang_up(self) -> None:
        """Close every connection. Only once no client runs any more."""
        for line in self._lines:
            line.close()
