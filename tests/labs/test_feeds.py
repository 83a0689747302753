"""A page follows a run: by stream or by asking, from any cursor, and every stream ends."""

import asyncio
import uuid

import pytest
from django.test import AsyncClient
from django.utils.timezone import now

from apps.accounts.models import Learner
from apps.experiments.base import Sample
from apps.labs.hub import hub
from apps.labs.models import Run, RunState
from apps.labs.streams import Publisher, announce, read_events

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]


@pytest.fixture
def run():
    learner = Learner.objects.create()
    return Run.objects.create(
        learner=learner, lab="caching", params={}, seed=1, idempotency_key=uuid.uuid4(), address_hash="x"
    )


@pytest.fixture
def published(run):
    publisher = Publisher(run.pk, attempt=1)
    for step in range(4):
        publisher.publish(Sample(points={"hit_ratio": (float(step), 0.5)}, note="Measuring"))
        publisher.flush()
    return read_events(run.pk, "0-0")


def stream(run_id, **headers):
    """Return what one request to the stream is answered: status, and the whole text."""

    async def whole():
        try:
            answer = await AsyncClient().get(f"/runs/{run_id}/events", headers=headers)
            if not answer.streaming:
                return answer.status_code, answer.content.decode()
            async with asyncio.timeout(20):
                return answer.status_code, b"".join([chunk async for chunk in answer.streaming_content]).decode()
        finally:
            await hub.close()

    return asyncio.run(whole())


def finish(run):
    Run.objects.filter(pk=run.pk).update(
        state=RunState.DONE, finished_at=now(), result={"figures": {}, "expected": {}}, series={}
    )


def test_the_stream_of_a_finished_run_brings_its_points_and_ends(run, published):
    finish(run)
    status, text = stream(run.pk)
    assert status == 200
    assert text.count("event: points") == 4
    assert text.endswith('event: done\ndata: {"state": "done"}\n\n')


def test_the_stream_goes_on_after_the_last_event_that_was_seen(run, published):
    announce(run.pk, "done", {"state": "done"})
    _, text = stream(run.pk, **{"Last-Event-ID": published[2].id})
    assert text.count("event: points") == 1
    assert f"id: {published[3].id}" in text


def test_a_silent_stream_asks_the_row_and_ends(run):
    """The last event may be lost with Redis; the row is the truth."""

    async def ends_by_row():
        answer = await AsyncClient().get(f"/runs/{run.pk}/events")
        chunks = []
        async with asyncio.timeout(20):
            async for chunk in answer.streaming_content:
                chunks.append(chunk)
                if len(chunks) == 2:  # the first silence
                    await asyncio.to_thread(finish_and_disconnect, run)
        await hub.close()
        return b"".join(chunks).decode()

    assert "event: done" in asyncio.run(ends_by_row())


def finish_and_disconnect(run):
    from django.db import connection

    finish(run)
    connection.close()


def test_asking_gives_the_same_events_from_the_same_cursor(run, published, ada):
    answer = ada.get(f"/runs/{run.pk}/points", {"after": published[1].id}).json()
    assert [event["id"] for event in answer["events"]] == [published[2].id, published[3].id]
    assert answer["cursor"] == published[3].id
    assert answer["state"] == "queued"


@pytest.mark.parametrize("cursor", ["", "yesterday", "-1", "1-1; FLUSHALL", "1" * 50 + "-0"])
def test_a_cursor_that_is_none_means_from_the_beginning(run, published, ada, cursor):
    assert len(ada.get(f"/runs/{run.pk}/points", {"after": cursor}).json()["events"]) == 4


def test_an_unknown_run_has_no_stream():
    status, _ = stream("nothing-here")
    assert status == 404


def test_points_are_kept_while_redis_refuses_and_sent_with_the_next_batch(run, broker):
    publisher = Publisher(run.pk, attempt=1)
    publisher.publish(Sample(points={"hit_ratio": (0.0, 0.1)}))
    broker.delete(f"run:{run.pk}")
    broker.set(f"run:{run.pk}", "not a stream")  # XADD now fails as it would on a broken server
    publisher.publish(Sample(points={"hit_ratio": (1.0, 0.2)}))
    publisher.flush()
    broker.delete(f"run:{run.pk}")
    publisher.flush()
    assert '"hit_ratio":[[1.0,0.2]]' in read_events(run.pk, "0-0")[0].data
