"""Whom do the tests know? Ada, who learns; Brian, a stranger to her; Grace, who only looks."""

import os
import sys
import uuid

import pytest
from django.test import Client
from hypothesis import settings

from apps.core.redis import client as redis_client

LOCAL = {"localhost", "127.0.0.1", "::1"}
MEASURED = ("tests/labs/test_execution", "tests/labs/test_lab_command", "tests/pages/test_claims")
START = "/labs/caching/runs/"
REAL = tuple(f"tests/{part}/" for part in ("testbed", "core", "labs", "lessons", "pages", "elements"))

# The same examples each time, so that a change fails for what it did; HYPOTHESIS=explore looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS", "steady"))


def only_local(event, arguments):
    """Refuse every connection of the tests' own process that leaves this machine."""
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in LOCAL:
        raise RuntimeError(f"a test wants to connect to {arguments[1][0]}: tests stay on this machine")


def pytest_configure():
    sys.addaudithook(only_local)


def pytest_collection_modifyitems(items):
    """Mark what measures, for it has a pass of its own: nothing else may keep the machine busy meanwhile.

    What meets real processes is tried again if it fails, and the summary tells: an interval misses one in twenty.
    """
    for item in items:
        if item.nodeid.startswith("tests/lessons/"):  # a lesson's code is run by many tests, its tasks defined anew
            item.add_marker(pytest.mark.filterwarnings("ignore::celery.exceptions.DuplicateTaskNameWarning"))
        if item.nodeid.startswith(MEASURED) or {"bench", "measure"} & set(item.fixturenames):
            item.add_marker(pytest.mark.measured)
        marks = {mark.name for mark in item.iter_markers()}
        if marks & {"measured", "browser", "faults"} or item.nodeid.startswith(REAL):
            item.add_marker(pytest.mark.flaky(reruns=2))


class Learner(Client):
    """A browser with a learner behind it."""

    def start(self, **fields):
        """Post the form of the caching lab as its page does; `fields` overrides what was typed."""
        typed = {"bet": "skip", "duration_s": "2", "objects": "1000", "idempotency_key": str(uuid.uuid4()), **fields}
        return self.post(START, {name: value for name, value in typed.items() if value is not None})

    def study(self, **fields):
        """Post the same form as a study: two trials of a sweep over three values, unless `fields` say otherwise."""
        typed = {"bet": "skip", "duration_s": "2", "objects": "1000", "idempotency_key": str(uuid.uuid4())}
        typed |= {"param": "cache_fraction", "values": "0.1 0.2 0.5", "trials": "2", **fields}
        return self.post("/labs/caching/studies/", {name: value for name, value in typed.items() if value is not None})


@pytest.fixture
def ada():
    return Learner()


@pytest.fixture
def brian():
    return Learner()


@pytest.fixture
def grace():
    return Learner()


@pytest.fixture
def broker():
    """The tests' Redis, emptied: queues and streams are real."""
    redis_client().flushdb()
    yield redis_client()
    redis_client().flushdb()
