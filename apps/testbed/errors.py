"""What can go wrong with a server? One line for people, never a traceback."""


class EngineError(Exception):
    """A server did not start or cannot be used. The message is one line and says what to change."""


class EngineMissing(EngineError):  # noqa: N818  (the name says it)
    """No executable of this engine exists for this machine."""
