"""How many can watch one run? A thousand viewers of ten events a second on one web process."""

import asyncio
import os
import time
import uuid
from pathlib import Path

import numpy as np

from apps.testbed.ports import free_port
from bench.pages import uvicorn
from bench.report import Row
from bench.site import prepared_site, serving

VIEWERS, EVENTS_PER_S, SECONDS = 1000, 10, 6


def run() -> list[Row]:
    """Return delivery times in ms, memory per viewer in KiB, and events/s delivered."""
    port = free_port()
    with prepared_site() as site, serving({**site, "TRUSTED_PROXIES": "1"}, *uvicorn(port), port=port) as pid:
        os.environ.update({key: site[key] for key in ("DATABASE_URL", "REDIS_URL", "DATA_DIR")})
        run_id = queued_run()
        before = resident_kib(pid)
        delays, after = asyncio.run(watch(port, run_id, pid))
    p50, p95, p99 = np.percentile(delays, [50, 95, 99])
    return [
        Row(f"stream delivery p50, {VIEWERS} viewers", round(float(p50), 2), "ms"),
        Row(f"stream delivery p95, {VIEWERS} viewers", round(float(p95), 2), "ms"),
        Row(f"stream delivery p99, {VIEWERS} viewers", round(float(p99), 2), "ms"),
        Row("events delivered", round(len(delays) / SECONDS, 1), "per s", VIEWERS * EVENTS_PER_S, None),
        Row("memory per viewer", round((after - before) / VIEWERS, 1), "KiB"),
    ]


def queued_run() -> str:
    """Return the id of a run that waits, so that its stream stays open."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from apps.accounts.models import Learner
    from apps.labs.models import Run

    learner = Learner.objects.create()
    return Run.objects.create(
        learner=learner, lab="caching", params={}, seed=1, idempotency_key=uuid.uuid4(), address_hash="bench"
    ).pk


async def watch(port: int, run_id: str, pid: int) -> tuple[list[float], float]:
    """Return the delay of every event at every viewer (ms), and the server's memory with all connected (KiB)."""
    delays: list[float] = []
    open_streams = asyncio.Semaphore(0)
    viewers = [asyncio.create_task(view(port, run_id, n, delays, open_streams)) for n in range(VIEWERS)]
    for _ in viewers:
        await open_streams.acquire()
    await asyncio.sleep(1)
    after = resident_kib(pid)
    await asyncio.to_thread(publish, run_id)
    await asyncio.wait_for(asyncio.gather(*viewers), 60)
    return delays, after


async def view(port: int, run_id: str, number: int, delays: list[float], open_streams: asyncio.Semaphore) -> None:
    """Watch one run to its end and note how late each event came."""
    address = f"10.0.{number // 32}.{number % 32}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET /runs/{run_id}/events HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\n\r\n"
    writer.write(head.encode())
    while line := await reader.readline():
        if line.startswith(b"retry:"):
            open_streams.release()
        if b'"note":"' in line:
            delays.append((time.time() - float(line.split(b'"note":"')[1].split(b'"')[0])) * 1000)
        if b"event: done" in line:
            break
    writer.close()


def publish(run_id: str) -> None:
    """Send the events on an absolute schedule; each note is the time at which it was sent."""
    from apps.experiments.base import Sample
    from apps.labs.streams import Publisher, announce

    publisher, begin = Publisher(run_id, attempt=1), time.monotonic()
    for number in range(EVENTS_PER_S * SECONDS):
        time.sleep(max(0.0, begin + number / EVENTS_PER_S - time.monotonic()))
        publisher.publish(Sample(points={"hit_ratio": (number / EVENTS_PER_S, 0.5)}, note=str(time.time())))
        publisher.flush()
    announce(run_id, "done", {"state": "done"})


def resident_kib(pid: int) -> float:
    """Return the resident memory of a process in KiB (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024
