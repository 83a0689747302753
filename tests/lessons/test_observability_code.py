"""Do the records of the lesson on observability carry their trace, and do its counts tell the truth?"""

import json
import logging

import pytest
from django.db import connection

from tests.lessons.tabs import module_of_tab

seeing = module_of_tab("production/06-observability", "Python")
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_line_is_a_record_with_its_trace():
    seeing.adopt(PARENT)
    what = {"msg": "charge_retried", "levelname": "WARNING", "created": 0, "fields": {"attempt": 2}}
    assert json.loads(seeing.JsonLines().format(logging.makeLogRecord(what))) == {
        "ts": "1970-01-01T00:00:00.000+00:00", "level": "warning", "event": "charge_retried",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "attempt": 2,
    }  # fmt: skip


def test_the_next_call_belongs_to_the_same_trace_with_a_span_of_its_own():
    version, trace, span, _ = seeing.adopt(PARENT).split("-")
    assert (version, trace) == ("00", "4bf92f3577b34da6a3ce929d0e0e4736")
    assert span != "00f067aa0ba902b7"


def test_a_trace_that_was_not_kept_at_the_door_is_not_kept_here():
    assert seeing.adopt(PARENT[:-1] + "0").endswith("-00")


@pytest.mark.parametrize("header", ["", "nonsense", f"00-{'0' * 32}-00f067aa0ba902b7-01", f"00-{'x' * 32}-1-01"])
def test_a_header_that_is_none_begins_a_new_trace(header):
    trace = seeing.adopt(header).split("-")[1]
    assert len(trace) == 32
    assert trace not in header


def test_percentiles_of_all_come_from_added_buckets():
    quick, slow = seeing.Histogram(), seeing.Histogram()
    for _ in range(990):
        quick.observe(8)
    for _ in range(110):
        slow.observe(900)
    both = quick + slow
    assert (quick.at_most(0.99), slow.at_most(0.99), both.at_most(0.9), both.at_most(0.95)) == (10, 1000, 10, 1000)


def test_what_is_beyond_the_last_bucket_is_not_given_a_number():
    histogram = seeing.Histogram()
    histogram.observe(20_000)
    assert histogram.at_most(0.5) is None


def test_nobody_asked_is_no_answer_of_five_milliseconds():
    assert seeing.Histogram().at_most(0.99) is None


def test_a_request_with_many_queries_is_named_with_the_one_that_repeats(db, caplog):
    caplog.set_level(logging.WARNING, "queries")
    with seeing.counting(connection, most=3) as asked, connection.cursor() as cursor:
        for query in ("SELECT 1", "SELECT 1", "SELECT 1", "SELECT 1", "SELECT 2"):
            cursor.execute(query)
    assert asked.total() == 5
    assert caplog.records[0].fields == {"queries": 5, "times": 4, "sql": "SELECT 1"}
