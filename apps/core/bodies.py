"""How large may a request be? Small: Django would write any body to disk before it looks at anything else."""

from collections.abc import Awaitable, Callable

MOST_BYTES = 256 * 1024

Receive = Callable[[], Awaitable[dict]]


class TooLarge(Exception):
    """The body has more bytes than any form of this site."""


def announced_bytes(scope: dict) -> int:
    """Return the length that the request's head names; 0 if it names none, MOST_BYTES + 1 if it is no number."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else MOST_BYTES + 1
    return 0


def counted(receive: Receive) -> Receive:
    """Return `receive`, counting: a body that was sent in parts raises TooLarge once it has too many bytes."""
    total = 0

    async def counting() -> dict:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > MOST_BYTES:
            raise TooLarge
        return message

    return counting


async def refuse(send: Callable[[dict], Awaitable[None]]) -> None:
    """Answer 413 in one line."""
    text = f"A request may hold {MOST_BYTES // 1024} KiB.\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": text})
