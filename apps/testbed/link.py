"""What lies between two machines? A link with a delay, a bandwidth and a cable that can be pulled, without root.

The link listens at its `address` and passes everything on to its target, bytes in order, both ways. What is on the
way when the cable is pulled arrives after it is mended, as TCP would send it again; connections stay open meanwhile,
and new ones wait to be answered. `relay` says how much may be under way.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from apps.testbed import relay, supervisor
from apps.testbed.errors import EngineError
from apps.testbed.readiness import short_enough
from apps.testbed.scratch import record_group, room, scratch_directory
from apps.testbed.users import service_user

Target = Path | tuple[str, int]
ANSWER_TIMEOUT_S = 10.0


class Link:
    """One link. It starts with no delay, unlimited, and mended. Its methods return when they are in force."""

    def __init__(self, target: Target, socket_path: Path | None = None) -> None:
        """Start to relay from a Unix socket at `socket_path`, else from a free TCP port, to `target`.

        `target` is a Unix socket's path, or host and port. Raises EngineError if that cannot be started.
        """
        self.delay_ms = self.kbps = 0.0
        self.is_cut = False
        self._path, self._lock = socket_path, Lock()
        self._orders, theirs = socket.socketpair()
        self._orders.settimeout(ANSWER_TIMEOUT_S)
        where = [str(short_enough(socket_path)) if socket_path else ""]
        to = [str(target)] if isinstance(target, Path) else [target[0], str(target[1])]
        with theirs:
            self.process: subprocess.Popen[bytes] = supervisor.spawn(
                [sys.executable, "-I", "-S", relay.__file__, *where, *to], cwd=Path("/"), stdin=theirs.fileno()
            )
        if socket_path:
            record_group(socket_path.parent, self.process.pid)
        self._port: int | None = None

    @property
    def address(self) -> Path | tuple[str, int]:
        """Return where to connect: the path of a Unix socket, or host and port."""
        return self._path or ("127.0.0.1", self.listening())

    def listening(self) -> int:
        """Wait until the link takes connections, and return its TCP port (0 for a Unix socket)."""
        with self._lock:
            if self._port is None:
                self._port = self._answer()
                user = service_user()
                if self._path and user:
                    os.chown(self._path, user.uid, user.gid)  # our servers connect to it
            return self._port

    def shape(self, *, delay_ms: float, kbps: float) -> None:
        """Let every byte arrive `delay_ms` later, each way, and at most `kbps` kilobits/s pass each way; 0 is no limit.

        What is under way arrives no later than if it were sent now. Raises ValueError for what no link can have.
        """
        if not (0 <= delay_ms < float("inf") and 0 <= kbps < float("inf")):
            raise ValueError(f"A link has no delay of {delay_ms} ms and no bandwidth of {kbps} kbit/s.")
        self.delay_ms, self.kbps = delay_ms, kbps
        self._order()

    def cut(self) -> None:
        """Pull the cable: no byte arrives any more, and no end is told."""
        self.is_cut = True
        self._order()

    def mend(self) -> None:
        """Plug the cable in again: what was on the way is sent again, then the rest follows."""
        self.is_cut = False
        self._order()

    def lose_unsent(self) -> None:
        """Let the target's machine die: what it had not put on the wire is lost, what flies still arrives.

        Then the connections end. (After a real power cut nobody would say so; but nobody measures that here.)
        """
        self._order(lose_unsent=True)

    def connections(self) -> int:
        """Return how many connections there are."""
        return self._order()

    def _order(self, **more: bool) -> int:
        self.listening()
        order = {"delay_ms": self.delay_ms, "kbps": self.kbps, "cut": self.is_cut, **more}
        with self._lock:
            try:
                self._orders.sendall(json.dumps(order).encode() + b"\n")
            except OSError as error:
                raise EngineError("A link between servers has ended.") from error
            return self._answer()

    def _answer(self) -> int:
        """Return the number that the relay answers with. Raises EngineError if it does not."""
        said = b""
        try:
            while not said.endswith(b"\n"):
                part = self._orders.recv(64)
                if not part:
                    raise EngineError("A link between servers has ended.")
                said += part
        except TimeoutError as error:
            raise EngineError(f"A link between servers did not answer within {ANSWER_TIMEOUT_S:g} s.") from error
        return int(said)

    def close(self) -> None:
        """End the link and every connection through it."""
        self._orders.close()
        supervisor.stop(self.process, grace_s=1.0)


@contextmanager
def link(target: Target, *, delay_ms: float = 0.0, kbps: float = 0.0) -> Iterator[Link]:
    """Give a link to `target` until the end of the block: Unix socket to Unix socket, or TCP to TCP.

    A Unix socket's link has a private directory of its own and keeps the socket's name, so that libpq finds
    `.s.PGSQL.<port>` in it. Raises EngineError if it cannot be started, ValueError as `Link.shape` does.
    """
    with scratch_directory("link") as scratch:
        home = room(scratch, service_user())
        made = Link(target, home / target.name if isinstance(target, Path) else None)
        try:
            made.shape(delay_ms=delay_ms, kbps=kbps)
            yield made
        finally:
            made.close()
