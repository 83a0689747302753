"""How do points travel from a worker to a page? As entries of one Redis Stream a run; each entry id is a cursor."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import redis
import structlog

from apps.core.redis import client
from apps.experiments.base import Sample

log = structlog.get_logger(__name__)
BATCH_S = 0.1
KEPT_S = 900  # a stream outlives its run this long; then the row answers alone
MAX_ENTRIES = 5000
START = "0-0"


def stream_key(run_id: str) -> str:
    """Return the name of the run's stream."""
    return f"run:{run_id}"


def stop_key(run_id: str) -> str:
    """Return the name of the key that asks the run's worker to stop."""
    return f"run:{run_id}:stop"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a run's stream: `name` is points, state or done; `data` is JSON text."""

    id: str
    name: str
    data: str


def events_of(entries: list[tuple[str, Mapping[str, str]]]) -> list[Event]:
    """Return stream entries as events, in order."""
    return [Event(entry_id, fields["event"], fields["data"]) for entry_id, fields in entries]


def read_events(run_id: str, after: str, *, count: int = 500) -> list[Event]:
    """Return up to `count` events after the cursor. Raises redis.RedisError while Redis is away."""
    entries: Any = client().xrange(stream_key(run_id), min=f"({after}", count=count)
    return events_of(entries)


def announce(run_id: str, event: str, data: Mapping[str, object]) -> None:
    """Add one event to the run's stream. While Redis is away the event is only logged: viewers ask the row too."""
    try:
        with client().pipeline(transaction=False) as pipe:
            _add(pipe, run_id, event, data)
            pipe.expire(stream_key(run_id), KEPT_S)
            pipe.execute()
    except redis.RedisError as error:
        log.warning("event_not_announced", run=run_id, event_name=event, error=str(error))


def ask_to_stop(run_id: str) -> None:
    """Tell the run's worker to stop within a batch. While Redis is away its lease brings the word, seconds later."""
    try:
        client().set(stop_key(run_id), "1", ex=KEPT_S)
    except redis.RedisError as error:
        log.warning("stop_goes_by_lease", run=run_id, error=str(error))


def _add(pipe: Any, run_id: str, event: str, data: Mapping[str, object]) -> None:
    fields = {"event": event, "data": json.dumps(data, separators=(",", ":"))}
    pipe.xadd(stream_key(run_id), fields, maxlen=MAX_ENTRIES, approximate=True)


@dataclass
class Publisher:
    """The worker's end: collects samples, sends a batch each 100 ms, and learns in the same trip whether to stop."""

    run_id: str
    attempt: int
    stop_asked: bool = False
    _points: dict[str, list[list[float]]] = field(default_factory=dict)
    _note: str = ""
    _progress: float = 0.0
    _waiting: bool = False
    _sent_at: float = 0.0

    def publish(self, sample: Sample) -> None:
        """Take one sample; send what has gathered if the last batch is 100 ms old."""
        for name, point in sample.points.items():
            self._points.setdefault(name, []).append([round(point[0], 3), point[1]])
        self._note, self._progress, self._waiting = sample.note, sample.progress, True
        self.flush_if_due()

    def flush_if_due(self) -> None:
        """Send what has gathered, at most every 100 ms."""
        if time.monotonic() - self._sent_at >= BATCH_S:
            self.flush()

    def flush(self) -> None:
        """Send what has gathered. While Redis is away the points wait for the next batch; the run goes on."""
        self._sent_at = time.monotonic()
        try:
            with client().pipeline(transaction=False) as pipe:
                if self._waiting:
                    _add(pipe, self.run_id, "points", self._batch())
                    pipe.expire(stream_key(self.run_id), KEPT_S)
                pipe.exists(stop_key(self.run_id))
                self.stop_asked = bool(pipe.execute()[-1]) or self.stop_asked
            self._points, self._waiting = {}, False
        except redis.RedisError as error:
            self._sent_at += 1  # Redis is away: ask once a second, not ten times
            log.warning("points_wait_for_redis", run=self.run_id, error=str(error))

    def _batch(self) -> dict[str, object]:
        return {
            "attempt": self.attempt,
            "points": self._points,
            "note": self._note,
            "progress": round(self._progress, 3),
        }
