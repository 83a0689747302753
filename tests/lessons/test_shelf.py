"""Is the index in memory fresh, and does it outlive the database?"""

import asyncio

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError, connection, connections

from apps.lessons.models import Lesson
from apps.lessons.shelf import Keeper
from tests.content.lab import LABS


@pytest.fixture
def shelf_keeper(transactional_db, tmp_path):
    """A keeper of its own over one imported lesson; committed, since it reads in another thread."""
    from apps.lessons.actions import import_content
    from tests.content.directory import ContentDirectory

    import_content(ContentDirectory(tmp_path).path, labs=LABS)
    return Keeper()


def title(shelf):
    return shelf.entries["blocks/caching"].title


def test_within_a_second_the_database_is_not_asked_again(shelf_keeper):
    async def read_twice():
        first = await shelf_keeper.get()
        return first is await shelf_keeper.get()

    assert async_to_sync(read_twice)()


def test_an_old_index_is_read_anew(shelf_keeper):
    first = async_to_sync(shelf_keeper.get)()
    Lesson.objects.update(title="Changed")
    shelf_keeper.read_at = 0.0
    second = async_to_sync(shelf_keeper.get)()
    assert (title(first), title(second)) == ("A cache is a bet", "Changed")
    assert first.stamp != second.stamp


def test_many_readers_of_an_old_index_read_it_once(shelf_keeper):
    async def read_many():
        await shelf_keeper.get()
        shelf_keeper.read_at = 0.0
        await asyncio.gather(*(shelf_keeper.get() for _ in range(20)))
        return shelf_keeper.reading

    assert async_to_sync(read_many)().done()


def test_while_the_database_is_away_the_last_index_is_given(shelf_keeper, monkeypatch):
    first = async_to_sync(shelf_keeper.get)()
    monkeypatch.setitem(connections.settings["default"], "HOST", "/nowhere")
    shelf_keeper.read_at = 0.0
    assert async_to_sync(shelf_keeper.get)() is first


def test_without_any_index_an_outage_is_an_outage(shelf_keeper, monkeypatch):
    connection.close()
    with monkeypatch.context() as outage:
        outage.setitem(connections.settings["default"], "HOST", "/nowhere")
        with pytest.raises(OperationalError):
            async_to_sync(shelf_keeper.get)()
