"""A body that no form of this site sends is refused before it reaches a disk."""

import asyncio

import pytest

from apps.core.bodies import MOST_BYTES, TooLarge, announced_bytes, counted, refuse


def scope(*headers):
    return {"type": "http", "headers": list(headers)}


@pytest.mark.parametrize(
    ("headers", "length"),
    [([], 0), ([(b"content-length", b"12")], 12), ([(b"content-length", b"-1")], MOST_BYTES + 1)],
)
def test_the_head_names_the_length(headers, length):
    assert announced_bytes(scope(*headers)) == length


def receive_in_parts(*sizes):
    parts = [{"type": "http.request", "body": b"x" * size, "more_body": True} for size in sizes]

    async def receive():
        return parts.pop(0)

    return receive


def test_parts_are_counted_together():
    async def read():
        receive = counted(receive_in_parts(MOST_BYTES, 1))
        await receive()
        with pytest.raises(TooLarge):
            await receive()

    asyncio.run(read())


def test_the_refusal_is_one_line():
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(refuse(send))
    assert sent[0]["status"] == 413
    assert sent[1]["body"] == b"A request may hold 256 KiB.\n"
