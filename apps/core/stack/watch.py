"""How are all parts watched at once? One loop in one thread: output, deaths, restarts, signals.

One thread, because the kernel ends a part when the thread that started it ends.
"""

from __future__ import annotations

import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from apps.core.stack.members import Member, PartMember, ServerMember, how_it_ended
from apps.core.stack.output import say
from apps.testbed.errors import EngineError

TICK_S, SLOW_TICK_S = 0.05, 1.0  # how often the first part is asked whether it serves
EAGER_S = 10.0  # after that it seems to be broken: ask slowly
GRACE_S = 12.0  # the web has 5 s for open streams, a worker 3 s for its task
PIECE = 65536


def ending_signals() -> set[signal.Signals]:
    """Return the signals that end the site; a closed terminal does too, unless nohup has us ignore it."""
    asked = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    return {number for number in asked if signal.getsignal(number) != signal.SIG_IGN}


class Watch:
    """Runs the parts until a signal. The first part must answer `ready()` before the others start."""

    def __init__(
        self,
        servers: Sequence[ServerMember],
        parts: Sequence[PartMember],
        ready: Callable[[], bool],
        announce: Callable[[], None],
    ) -> None:
        self.servers, self.parts = servers, parts
        self._ready, self._announce = ready, announce
        self._waiting_for_first, self._signals = True, 0
        self._eager_until = time.monotonic() + EAGER_S
        self._selector = selectors.DefaultSelector()

    def run(self) -> bool:
        """Run until SIGINT or SIGTERM, then end the parts. Returns False if a second signal asked to be quick."""
        with self._signals_noted():
            self._start(self.parts[0])
            while not self._signals:
                self._turn(self._patience())
            say("Stopping.")
            self._end_parts()
            return self._signals < 2

    def _turn(self, timeout_s: float | None) -> None:
        self._read_output(timeout_s)
        for member in (*self.servers, *self.parts):
            if member.died():
                self._mourn(member)
            if member.due_at is not None and member.due_at <= time.monotonic():
                self._start(member)
        if self._waiting_for_first and self.parts[0].running and self._ready():
            self._announce()
            self._start_the_others()

    def _patience(self) -> float | None:
        """Return how long nothing may happen (seconds); None: until something does."""
        if self._waiting_for_first:
            return TICK_S if time.monotonic() < self._eager_until else SLOW_TICK_S
        due = [member.due_at for member in (*self.servers, *self.parts) if member.due_at is not None]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _start(self, member: Member) -> None:
        try:
            member.start()
        except EngineError as error:
            say(f"{error} Trying again in {member.start_later():g} s.")
            return
        if isinstance(member, PartMember):
            self._selector.register(member.process.stdout, selectors.EVENT_READ, member)

    def _start_the_others(self) -> None:
        self._waiting_for_first = False
        for part in self.parts[1:]:
            self._start(part)

    def _mourn(self, member: Member) -> None:
        """Say that a member died and plan its next start."""
        how = how_it_ended(member.process)
        if isinstance(member, PartMember):
            self._drain(member)
        say(f"{member.name} {how}; it starts again in {member.start_later():g} s.")
        if member is self.parts[0] and self._waiting_for_first:
            self._start_the_others()

    def _read_output(self, timeout_s: float | None) -> None:
        for key, _ in self._selector.select(timeout_s):
            if key.data is None:
                key.fileobj.recv(PIECE)  # a signal woke us
            elif not self._read(key.data):
                self._selector.unregister(key.fileobj)

    def _read(self, part: PartMember) -> bool:
        """Pass on what a part has written. Returns False at the end of its output."""
        piece = part.process.stdout.read(PIECE)
        if piece is not None:
            part.lines.feed(piece)
        return piece != b""

    def _drain(self, part: PartMember) -> None:
        """Pass on the last words of a part that has ended, and close its pipe."""
        stream = part.process.stdout
        if stream in {key.fileobj for key in self._selector.get_map().values()}:
            self._selector.unregister(stream)
            while part.process.stdout.peek(1):
                self._read(part)
            part.lines.feed(b"")
        stream.close()

    def _end_parts(self) -> None:
        """Ask every part to end; kill those that are slow, or all on a second signal."""
        deadline = time.monotonic() + GRACE_S
        living = [part for part in self.parts if part.running]
        for part in living:
            part.ask_to_end()
        while self._signals < 2 and time.monotonic() < deadline and any(not part.died() for part in living):
            self._read_output(TICK_S)
        for part in living:
            part.kill()
            self._drain(part)

    @contextmanager
    def _signals_noted(self) -> Iterator[None]:
        """Count the signals that end the site; let them and the death of a child wake the loop."""
        receiver, sender = socket.socketpair()
        receiver.setblocking(False)
        sender.setblocking(False)
        self._selector.register(receiver, selectors.EVENT_READ, None)
        handlers = {**dict.fromkeys(ending_signals(), self._note), signal.SIGCHLD: lambda *_: None}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        woken = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(woken)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._selector.close()
            receiver.close()
            sender.close()

    def _note(self, *_: object) -> None:
        self._signals += 1
