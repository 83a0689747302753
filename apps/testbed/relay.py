"""How do bytes get a delay, a bandwidth and a pulled cable? They pass through this program, which `link` starts.

It is a process of its own, because a busy Python thread keeps the interpreter for 5 ms at a time (ADR 10). It is
started by its path and needs the standard library alone, which takes 15 ms. Its orders come in by standard input, a
socket; when that ends, its owner is gone, and so is it. How bytes move is told at `Wire`.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

SEND_BUFFER = 256 * 1024  # bytes
WINDOW = 4 * 1024 * 1024  # bytes; the most that Linux's net.ipv4.tcp_wmem lets one connection have under way
READ = 64 * 1024
PACKET, SLICE_S = 1500, 0.001  # what leaves at once on a slow wire: a packet, or what passes in this time
MOST_CONNECTIONS = 200  # select() takes 1024 descriptors; it is used for its clock, finer than epoll's 1 ms
NEVER = float("inf")
END = b""  # the piece that says that no more will come

Target = str | tuple[str, int]  # a Unix socket's path, or host and port


class Course:
    """What all wires of a link have in common: delay, rate, and whether the cable is plugged in."""

    delay_s = 0.0
    bytes_per_s = 0.0  # 0 is unlimited
    cut = False


class Wire:
    """One direction of a connection, with the two places where bytes are on a real one.

    `waiting` is the sender's kernel: it takes 256 KiB, then the sender has to wait. `flying` is the wire: each piece
    arrives after the delay, in order, and 4 MiB at most are under way, also if the receiver does not read.
    """

    def __init__(self, course: Course, source: socket.socket, sink: socket.socket) -> None:
        self.course, self.source, self.sink = course, source, sink
        self.waiting: deque[bytes] = deque()
        self.flying: deque[tuple[float, bytes]] = deque()
        self.waiting_bytes = self.flying_bytes = self.carried = 0
        self.free_at = 0.0  # when the next piece may leave
        self.ended = self.done = self.blocked = False

    def fileno(self) -> int:
        """Return what select() asks for: the descriptor to read from."""
        return self.source.fileno()

    def wants(self) -> bool:
        """Return whether there is room for more."""
        return not self.ended and self.waiting_bytes < SEND_BUFFER and self.flying_bytes < WINDOW

    def take(self, now: float) -> None:
        """Read what the source has to say; its end counts as the last piece."""
        try:
            data = self.source.recv(READ)
        except BlockingIOError:
            return
        except OSError:  # it was cut off by its other end
            data = END
        if not self.waiting:
            self.free_at = max(self.free_at, now)
        self.ended = data == END
        self.waiting.append(data)
        self.waiting_bytes += len(data)

    def move(self, now: float) -> None:
        """Let everything go on its way whose time has come."""
        if self.course.cut:
            return
        self._leave(now)
        self._arrive(now)

    def _leave(self, now: float) -> None:
        rate = self.course.bytes_per_s
        most = max(PACKET, int(rate * SLICE_S)) if rate else READ
        while self.waiting and self.free_at <= now:
            piece = self.waiting.popleft()
            if len(piece) > most:
                self.waiting.appendleft(piece[most:])
                piece = piece[:most]
            self.free_at += len(piece) / rate if rate else 0.0
            self.flying.append((self.free_at + self.course.delay_s, piece))
            self.waiting_bytes -= len(piece)
            self.flying_bytes += len(piece)

    def _arrive(self, now: float) -> None:
        self.blocked = False
        while self.flying and self.flying[0][0] <= now:
            due, piece = self.flying[0]
            if piece == END:
                self.sink.shutdown(socket.SHUT_WR)
                self.done = True
                self.flying.popleft()
                return
            try:
                sent = self.sink.send(piece)
            except BlockingIOError:
                self.blocked = True
                return
            self.carried += sent
            self.flying_bytes -= sent
            if sent == len(piece):
                self.flying.popleft()
            else:
                self.flying[0] = (due, piece[sent:])

    def next_at(self) -> float:
        """Return when something is to be done next; infinity if only a socket can give us work."""
        if self.course.cut:
            return NEVER
        leaves = self.free_at if self.waiting else NEVER
        arrives = self.flying[0][0] if self.flying and not self.blocked else NEVER
        return min(leaves, arrives)

    def hasten(self, now: float) -> None:
        """After a change of course: nothing that is under way takes longer than it would from now on."""
        latest = now + self.course.delay_s
        self.flying = deque((min(due, latest), piece) for due, piece in self.flying)
        self.free_at = min(self.free_at, now)

    def send_again(self, now: float) -> None:
        """After the cable was mended: what was under way had been lost, and the sender's kernel still has it."""
        self.waiting.extendleft(piece for _, piece in reversed(self.flying))
        self.waiting_bytes += self.flying_bytes
        self.flying.clear()
        self.flying_bytes = 0
        self.free_at = now

    def lose_unsent(self) -> None:
        """The sender's machine died: what its kernel had not yet put on the wire is gone."""
        with suppress(OSError):
            while not self.ended and self.source.recv(READ):
                pass
        self.waiting.clear()
        self.waiting_bytes = 0
        if not (self.ended and any(piece == END for _, piece in self.flying)):
            self.waiting.append(END)
        self.ended = True


class Connection:
    """Two sockets and the two wires between them."""

    def __init__(self, course: Course, client: socket.socket, target: socket.socket) -> None:
        self.sockets = client, target
        self.up, self.down = Wire(course, client, target), Wire(course, target, client)
        self.wires = self.up, self.down

    def move(self, now: float) -> bool:
        """Move what is due both ways. Returns False once nothing more can pass."""
        try:
            for wire in self.wires:
                wire.move(now)
        except OSError:  # one end is gone: so is the connection
            return False
        return not (self.up.done and self.down.done)

    def close(self) -> None:
        """Close both ends."""
        for end in self.sockets:
            end.close()


class Relay:
    """A listening socket, what it accepted, and the orders of the owner."""

    def __init__(self, listener: socket.socket, target: Target, orders: socket.socket) -> None:
        self.listener, self.target, self.orders = listener, target, orders
        self.course = Course()
        self.connections: list[Connection] = []
        self._typed = b""

    def run(self) -> None:
        """Relay until the owner is gone."""
        obeying = True
        while obeying:
            now = time.monotonic()
            for connection in [one for one in self.connections if not one.move(now)]:
                self.connections.remove(connection)
                connection.close()
            ready, _, _ = select.select(*self._interests(now))
            now = time.monotonic()
            for source in ready:
                if isinstance(source, Wire):
                    source.take(now)
                elif source is self.listener:
                    self._accept()
                else:
                    obeying = self._obey(now)

    def _wires(self) -> list[Wire]:
        return [wire for connection in self.connections for wire in connection.wires]

    def _interests(self, now: float) -> tuple[list[Any], list[Any], list[Any], float | None]:
        """Return what select() is to wait for, and how long."""
        wires = self._wires()
        readable: list[Any] = [self.orders, *(wire for wire in wires if wire.wants())]
        if not self.course.cut and len(self.connections) < MOST_CONNECTIONS:
            readable.append(self.listener)
        next_at = min((wire.next_at() for wire in wires), default=NEVER)
        writable = [] if self.course.cut else [wire.sink for wire in wires if wire.blocked]
        return readable, writable, [], None if next_at == NEVER else max(0.0, next_at - now)

    def _accept(self) -> None:
        try:
            client, _ = self.listener.accept()
        except OSError:  # who called has hung up
            return
        local = isinstance(self.target, str)
        target = socket.socket(socket.AF_UNIX if local else socket.AF_INET, socket.SOCK_STREAM)
        for end in (client, target):
            end.setblocking(False)
            if not local:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(self.course, client, target)
        try:
            target.connect(self.target)
        except BlockingIOError:  # a network answers later
            pass
        except OSError:  # nobody is at home: the client sees its connection end
            connection.close()
            return
        self.connections.append(connection)

    def _obey(self, now: float) -> bool:
        """Carry out the orders that came in. Returns False when there will be no more."""
        said = self.orders.recv(READ)
        *lines, self._typed = (self._typed + said).split(b"\n")
        for line in lines:
            self._carry_out(now, **json.loads(line))
            self.orders.sendall(b"%d\n" % len(self.connections))
        return said != b""

    def _carry_out(
        self, now: float, delay_ms: float = 0.0, kbps: float = 0.0, cut: bool = False, lose_unsent: bool = False
    ) -> None:
        """Set the course, all of it at once."""
        mended = self.course.cut and not cut
        self.course.delay_s, self.course.bytes_per_s, self.course.cut = delay_ms / 1e3, kbps * 125, cut
        for wire in self._wires():
            if mended:
                wire.send_again(now)
            wire.hasten(now)
        if lose_unsent:
            for connection in self.connections:
                connection.down.lose_unsent()


def main(address: str, *target: str) -> None:
    """Listen on a Unix socket at `address` (or a free TCP port, if it is "") and relay to `target`."""
    with suppress(OSError):  # Linux wakes sleepers up to 50 µs late unless asked not to
        Path("/proc/self/timerslack_ns").write_text("1")
    if address:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(address)
        listener.listen(MOST_CONNECTIONS)
    else:
        listener = socket.create_server(("127.0.0.1", 0), backlog=MOST_CONNECTIONS)
    listener.setblocking(False)
    orders = socket.socket(fileno=0)
    port = 0 if address else listener.getsockname()[1]
    with suppress(BrokenPipeError, ConnectionResetError):  # our owner is gone, so are we
        orders.sendall(b"%d\n" % port)
        Relay(listener, (target[0], int(target[1])) if len(target) == 2 else target[0], orders).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
