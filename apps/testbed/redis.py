"""How do we get a real Redis? Our own child on a Unix socket, with a password, throw-away or kept."""

from __future__ import annotations

import secrets
import signal
import socket as sockets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from apps.testbed import supervisor
from apps.testbed.engines import Engine, redis_engine
from apps.testbed.homes import settle
from apps.testbed.readiness import short_enough, size, wait_until_ready
from apps.testbed.scratch import record_group, room, scratch_directory
from apps.testbed.users import private_directory, private_file, service_user

if TYPE_CHECKING:
    import redis

START_TIMEOUT_S = 20.0
COMMON = {"port": "0", "unixsocketperm": "700", "daemonize": "no", "databases": "64"}
THROW_AWAY = {"save": "", "appendonly": "no"}
KEPT = {"save": "", "appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}


def find_redis() -> Path:
    """Return the newest Redis or Valkey executable here. Raises EngineMissing."""
    return redis_engine().path


class RedisServer:
    """One running redis-server of ours. `process` changes when it is started again; the address does not."""

    process: subprocess.Popen[bytes]

    def __init__(self, found: Engine, directory: Path, socket: Path, password: str, config: Mapping[str, str]) -> None:
        self.engine, self.version, self._program = found.name, found.version, found.path
        self.directory, self.socket, self.password = directory, short_enough(socket), password
        self.log = directory / "redis.log"
        self._user = service_user()
        settings = {
            **COMMON, **config, "unixsocket": str(socket), "dir": str(directory), "requirepass": password
        }  # fmt: skip
        # A file and not arguments: everybody can read a process's arguments.
        lines = [f"{name} {_quoted(value)}\n" for name, value in settings.items()]
        self._config = private_file(directory / "redis.conf", "".join(lines), self._user)

    @property
    def url(self) -> str:
        """Return the address in redis-py's form."""
        return f"unix://:{quote(self.password, safe='')}@{quote(str(self.socket))}"

    def start(self) -> None:
        """Start the server and wait until it answers. Raises EngineError with what it said if it does not."""
        since = size(self.log)
        self.socket.unlink(missing_ok=True)
        self.process = supervisor.spawn(
            [self._program, self._config], cwd=self.directory, log=self.log, user=self._user
        )
        record_group(self.socket.parent, self.process.pid)
        wait_until_ready(self.engine, self.process, self.alive, log=self.log, since=since, timeout_s=START_TIMEOUT_S)

    def stop(self) -> None:
        """End the server; a kept one writes its last commands first."""
        supervisor.stop(self.process)

    def crash(self) -> None:
        """Kill the server at once, as a power cut would, and wait until it is gone."""
        supervisor.stop(self.process, signal=signal.SIGKILL)

    def alive(self) -> bool:
        """Return whether the server answers PING, within one second."""
        password = self.password.encode()
        request = b"*2\r\n$4\r\nAUTH\r\n$%d\r\n%b\r\nPING\r\n" % (len(password), password)
        # By hand, because importing the client takes longer than the server needs to start.
        with sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM) as connection:
            connection.settimeout(1.0)
            try:
                connection.connect(str(self.socket))
                connection.sendall(request)
                answer = b""
                while answer.count(b"\r\n") < 2 and (part := connection.recv(256)):
                    answer += part
            except OSError:
                return False
        return answer == b"+OK\r\n+PONG\r\n"

    def connect(self, **options: Any) -> redis.Redis:
        """Return a new client; `options` are redis-py's."""
        import redis

        return redis.Redis.from_url(self.url, **options)


def _quoted(value: str) -> str:
    """Return a value as redis.conf wants it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@contextmanager
def redis_server(
    *,
    directory: Path | None = None,
    persistent: bool = False,
    password: str | None = None,
    socket: Path | None = None,
    config: Mapping[str, str] | None = None,
) -> Iterator[RedisServer]:
    """Run a Redis until the end of the block. Raises EngineMissing or EngineError.

    Throw-away unless `persistent`, which keeps commands in `directory` (a crash loses the last second).
    `config` are settings as in redis.conf; they win over ours.
    """
    settings = {**(KEPT if persistent else THROW_AWAY), **(config or {})}
    with ExitStack() as stack:
        found, user = redis_engine(), service_user()
        if directory is None or socket is None:
            scratch = room(stack.enter_context(scratch_directory("redis")), user)
        data = settle(directory, user) if directory else scratch
        socket = socket or scratch / "redis.sock"
        private_directory(socket.parent, user)
        server = RedisServer(found, data, socket, password or secrets.token_urlsafe(24), settings)
        try:
            server.start()
            yield server
        finally:
            if hasattr(server, "process"):
                server.stop()
