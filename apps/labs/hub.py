"""How do a thousand viewers watch runs on one Redis connection? One XREAD loop a web process feeds a queue each."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import redis.asyncio
import structlog

from apps.core.redis import blocking_client
from apps.labs.streams import START, Event, events_of, stream_key

log = structlog.get_logger(__name__)
BLOCK_MS = 5000
QUEUE_EVENTS = 600  # a viewer this far behind is cut off; it resumes by its cursor
IDLE_S = 5.0


class TooManyViewers(Exception):
    """This process streams to as many viewers as it may; the page asks by polling instead."""


class Behind(Exception):
    """The viewer reads too slowly. Its stream ends; the page resumes from its last event."""


@dataclass(eq=False)
class Viewer:
    """One open stream: the address it counts for and the events that it has yet to send."""

    run_id: str
    address: str
    queue: asyncio.Queue[Event] = field(default_factory=lambda: asyncio.Queue(QUEUE_EVENTS))
    overflowed: bool = False


class Hub:
    """Reads every watched stream in one XREAD and hands each event to the viewers of its run."""

    def __init__(self, *, limit: int = 2000, limit_per_address: int = 40) -> None:
        self.limit, self.limit_per_address = limit, limit_per_address
        self.viewers: set[Viewer] = set()
        self.cursors: dict[str, str] = {}  # run id → id of the last event handed out
        self._reader: asyncio.Task | None = None
        self._wake_key = f"hub:{uuid4().hex}"
        self._client: redis.asyncio.Redis | None = None

    @asynccontextmanager
    async def watch(self, run_id: str, address: str, after: str) -> AsyncIterator[AsyncIterator[Event | None]]:
        """Give an iterator over the run's events after the cursor; None when nothing came for 5 s."""
        if self.is_full_for(address):
            raise TooManyViewers
        if run_id not in self.cursors:
            last_id = await self._last_id(run_id)
            self.cursors.setdefault(run_id, last_id)
        # No await from here to the registration: what the loop has handed out by now is history for this viewer.
        viewer, known_until = Viewer(run_id, address), self.cursors[run_id]
        self.viewers.add(viewer)
        try:
            await self._ensure_reading()
            yield self._events(viewer, after, known_until)
        finally:
            self.viewers.discard(viewer)
            if not any(other.run_id == run_id for other in self.viewers):
                self.cursors.pop(run_id, None)

    async def close(self) -> None:
        """End the loop and give its connections back."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
        self._reader = self._client = None

    def is_full_for(self, address: str) -> bool:
        """Return whether one more stream to this address would be one too many."""
        here = sum(viewer.address == address for viewer in self.viewers)
        return len(self.viewers) >= self.limit or here >= self.limit_per_address

    async def _events(self, viewer: Viewer, after: str, known_until: str) -> AsyncIterator[Event | None]:
        for event in await self._history(viewer.run_id, after, known_until):
            yield event
        while not (viewer.overflowed and viewer.queue.empty()):
            try:
                async with asyncio.timeout(IDLE_S):
                    event = await viewer.queue.get()
            except TimeoutError:
                event = None
            yield event
        raise Behind

    async def _history(self, run_id: str, after: str, until: str) -> list[Event]:
        return events_of(await self._redis().xrange(stream_key(run_id), min=f"({after}", max=until))

    async def _last_id(self, run_id: str) -> str:
        newest = await self._redis().xrevrange(stream_key(run_id), count=1)
        return newest[0][0] if newest else START

    def _redis(self) -> redis.asyncio.Redis:
        if self._client is None:
            self._client = blocking_client()
        return self._client

    async def _ensure_reading(self) -> None:
        """Start the loop, or wake it so that its next XREAD names the new stream."""
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read())
            return
        try:
            await self._redis().xadd(self._wake_key, {"": ""}, maxlen=1)
            await self._redis().expire(self._wake_key, 60)
        except redis.RedisError as error:
            log.warning("hub_not_woken", error=str(error))  # the loop is retrying and will name the stream then

    async def _read(self) -> None:
        pause, wake_cursor = 0.1, "0-0"
        while self.viewers:
            keys = {stream_key(run_id): cursor for run_id, cursor in self.cursors.items()}
            try:
                answer = await self._redis().xread({self._wake_key: wake_cursor, **keys}, block=BLOCK_MS)
                pause = 0.1
            except redis.RedisError as error:
                log.warning("hub_waits_for_redis", error=str(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, 1.0)
                continue
            for key, entries in _streams(answer):
                if key == self._wake_key:
                    wake_cursor = entries[-1][0]
                else:
                    self._hand_out(key.removeprefix("run:"), events_of(entries))

    def _hand_out(self, run_id: str, events: list[Event]) -> None:
        if run_id not in self.cursors:
            return  # the last viewer left while XREAD was under way
        # If the next one came meanwhile, the answer may hold what that viewer reads as history.
        events = [event for event in events if place(event.id) > place(self.cursors[run_id])]
        if not events:
            return
        self.cursors[run_id] = events[-1].id
        for viewer in [viewer for viewer in self.viewers if viewer.run_id == run_id and not viewer.overflowed]:
            try:
                for event in events:
                    viewer.queue.put_nowait(event)
            except asyncio.QueueFull:
                viewer.overflowed = True


def place(event_id: str) -> tuple[int, int]:
    """Return a stream id as numbers that can be compared."""
    milliseconds, _, number = event_id.partition("-")
    return int(milliseconds), int(number)


def _streams(answer) -> list[tuple[str, list]]:
    """Return XREAD's answer as (key, entries) pairs: RESP3 answers a map of lists, RESP2 a list of pairs."""
    if not answer:
        return []
    if isinstance(answer, dict):
        return [(key, [entry for part in parts for entry in part]) for key, parts in answer.items()]
    return list(answer)


def as_sse(event: Event | None) -> bytes:
    """Return an event in the wire form of server-sent events; None is a comment that keeps the line open."""
    if event is None:
        return b": waiting\n\n"
    return f"id: {event.id}\nevent: {event.name}\ndata: {event.data}\n\n".encode()


def done(state: str) -> bytes:
    """Return the closing event for a run that the row says has ended."""
    return f"event: done\ndata: {json.dumps({'state': state})}\n\n".encode()


hub = Hub()
