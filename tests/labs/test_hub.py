"""The hub on a real Redis: in order, exactly once, from any cursor, for many viewers on one connection."""

import asyncio

import pytest

from apps.experiments.base import Sample
from apps.labs.hub import Behind, Hub, TooManyViewers
from apps.labs.streams import START, Publisher, announce, read_events

RUN = "run-under-test"
pytestmark = pytest.mark.usefixtures("broker")


async def collect(hub, after, *, until):
    """Return the ids of a viewer's events up to and with the one named `until`."""
    ids = []
    async with hub.watch(RUN, "here", after) as events:
        async for event in events:
            if event is not None:
                ids.append(event.id)
                if event.name == until:
                    break
    return ids


async def take_all(events, taken):
    async for event in events:
        taken.append(event.id)


def publish(count):
    publisher = Publisher(RUN, attempt=1)
    for step in range(count):
        publisher.publish(Sample(points={"hit_ratio": (float(step), step / 10)}))
        publisher.flush()


def with_hub(main, **limits):
    """Run `main(hub)` on a hub of its own, in an event loop of its own."""

    async def whole():
        hub = Hub(**limits)
        try:
            return await asyncio.wait_for(main(hub), 20)
        finally:
            await hub.close()

    return asyncio.run(whole())


def test_a_viewer_resumes_from_every_cursor_without_loss_or_repeat():
    publish(8)
    announce(RUN, "done", {"state": "done"})
    every = [event.id for event in read_events(RUN, START)]

    async def resume_from_each(hub):
        return [await collect(hub, after, until="done") for after in [START, *every[:-1]]]

    assert with_hub(resume_from_each) == [every[index:] for index in range(len(every))]


def test_events_that_come_while_viewers_watch_reach_each_of_them_once():
    publish(3)

    async def watch_live(hub):
        viewers = [asyncio.create_task(collect(hub, START, until="done")) for _ in range(5)]
        while len(hub.viewers) < 5:
            await asyncio.sleep(0)
        await asyncio.to_thread(publish, 5)
        await asyncio.to_thread(announce, RUN, "done", {"state": "done"})
        return await asyncio.gather(*viewers)

    seen = with_hub(watch_live)
    every = [event.id for event in read_events(RUN, START)]
    assert len(every) == 9
    assert seen == [every] * 5


def test_a_cursor_from_the_future_starves_nobody_else():
    async def watch_live(hub):
        dreamer = asyncio.create_task(collect(hub, "99999999999999-0", until="done"))
        while not hub.viewers:
            await asyncio.sleep(0)
        other = asyncio.create_task(collect(hub, START, until="done"))
        while len(hub.viewers) < 2:
            await asyncio.sleep(0)
        await asyncio.to_thread(announce, RUN, "done", {"state": "done"})
        await dreamer
        return await other

    assert len(with_hub(watch_live)) == 1


def test_a_viewer_that_falls_behind_is_cut_off_and_can_resume(monkeypatch):
    monkeypatch.setattr("apps.labs.hub.QUEUE_EVENTS", 3)

    async def fall_behind(hub):
        taken = []
        async with hub.watch(RUN, "here", START) as events:
            await asyncio.to_thread(publish, 10)
            while not next(iter(hub.viewers)).overflowed:
                await asyncio.sleep(0.01)
            with pytest.raises(Behind):
                await take_all(events, taken)
        return taken

    taken = with_hub(fall_behind)
    every = [event.id for event in read_events(RUN, START)]
    assert 0 < len(taken) < 10
    assert taken == every[: len(taken)]


def test_one_address_cannot_take_every_place():
    async def crowd(hub):
        async with hub.watch(RUN, "here", START):
            assert not hub.is_full_for("elsewhere")
            with pytest.raises(TooManyViewers):
                async with hub.watch(RUN, "here", START):
                    pass

    with_hub(crowd, limit_per_address=1)


def test_nothing_is_kept_of_viewers_that_left():
    async def come_and_go(hub):
        async with hub.watch(RUN, "here", START):
            pass
        return hub.viewers, hub.cursors

    assert with_hub(come_and_go) == (set(), {})
