"""How does the site start and stop? Everything in order, from the lock on its data to the first page, and back."""

from __future__ import annotations

import http.client
import os
import signal
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from apps.core.stack.members import PartMember
from apps.core.stack.output import say
from apps.core.stack.parts import all_parts, environment_of
from apps.core.stack.preconditions import require_port, sole_owner
from apps.core.stack.prepare import prepare_in_child
from apps.core.stack.servers import start_servers
from apps.core.stack.watch import Watch, ending_signals
from apps.testbed import embedded
from apps.testbed.scratch import owned_directory, sweep

KILLED = 130  # what a shell answers for a program that Ctrl-C ended


@dataclass(frozen=True, slots=True)
class Site:
    """Where the site runs: its code, its data, its port and the address that people type."""

    base_dir: Path
    data_dir: Path
    host: str
    port: int
    url: str

    def run(self) -> int:
        """Run the site until a signal and return the exit code. Raises CannotStart or EngineError."""
        for number in ending_signals():
            signal.signal(number, signal.default_int_handler)  # until the watch: stop as for Ctrl-C
        with ExitStack() as stack:
            stack.enter_context(sole_owner(self.data_dir, self.url))
            require_port(self.host, self.port)
            self._begin_again_with_secrets()
            if os.geteuid() == 0:
                say("This is root: an ordinary user is safer. The servers run as nobody, the rest as root.")
            sweep()
            run_directory = stack.enter_context(owned_directory(embedded.run_directory(self.data_dir)))
            servers = start_servers(stack, self.data_dir)
            prepare_in_child()
            watch = Watch(servers, self._parts(run_directory), self._answers, self._announce)
            in_order = watch.run()
            if not in_order:
                for server in servers:
                    server.kill()
        return 0 if in_order else KILLED

    def _begin_again_with_secrets(self) -> None:
        """At the very first start, make the secrets and start over: the settings were read without them."""
        if not (self.data_dir / embedded.SECRETS).exists():
            embedded.secrets(self.data_dir)
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  (ourselves)

    def _parts(self, owner: Path) -> list[PartMember]:
        return [
            PartMember(part.name, part.argv, environment_of(part, self.data_dir, self.port), self.base_dir, owner)
            for part in all_parts(self.host, self.port, self.data_dir)
        ]

    def _answers(self) -> bool:
        """Return whether the web process serves."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  (compared)
        connection = http.client.HTTPConnection(host, self.port, timeout=2)
        try:
            connection.request("GET", "/health/live", headers={"Host": "localhost"})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):  # not yet
            return False
        finally:
            connection.close()

    def _announce(self) -> None:
        say(f"Tradeoff is ready: {self.url}/")
