"""Where can a server listen? On a port that nobody uses at the moment."""

import socket


def free_port() -> int:
    """Return a TCP port of this host on which nothing listens now. Somebody else may take it before the caller does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
