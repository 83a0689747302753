"""Does the code in the lesson on requirements say when one is broken, and count rows apart from statements?"""

import os

import psycopg
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "foundations/03-requirements-and-scope"
requirements = module_of_tab(LESSON, "Python")
ratio = module_of_tab(LESSON, "Django")


@pytest.mark.parametrize(("slow", "met"), [(9, True), (10, True), (11, False)])
def test_one_in_a_hundred_may_be_slow(slow, met):
    took = [250] * (1000 - slow) + [900] * slow
    assert requirements.PRODUCT_PAGE.verdict(took) is met


def test_an_average_that_is_fine_does_not_save_it():
    took = [20] * 980 + [4000] * 20
    assert sum(took) / len(took) < 300
    assert requirements.PRODUCT_PAGE.verdict(took) is False


def test_too_few_give_no_verdict():
    assert requirements.PRODUCT_PAGE.verdict([1] * 999) is None


def test_statements_are_counted_by_what_they_do(db):
    def page(request):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE timeline (reader int, post int)")
            cursor.execute("INSERT INTO timeline SELECT reader, 1 FROM generate_series(1, 75) AS reader")
            for reader in range(65):
                cursor.execute("SELECT post FROM timeline WHERE reader = %s", [reader])
        return HttpResponse("ok")

    middleware = ratio.Ratio(page)
    request = RequestFactory().get("/")
    request.resolver_match = None
    assert middleware(request).content == b"ok"
    assert ratio.Ratio.statements["none"] == {"write": 1, "read": 65}


@pytest.fixture
def timeline():
    """A table of its own with prepared timelines, looked up by index, on a connection that tells its statistics."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connected:
        connected.execute("DROP TABLE IF EXISTS rs_timeline")
        connected.execute("CREATE TABLE rs_timeline (reader int PRIMARY KEY, post int)")
        connected.execute("SET enable_seqscan = off")
        connected.execute("SET enable_bitmapscan = off")
        connected.execute("SET enable_indexonlyscan = off")
        yield connected
        connected.execute("DROP TABLE rs_timeline")


def test_one_post_is_many_rows(timeline):
    timeline.execute("INSERT INTO rs_timeline SELECT reader, 1 FROM generate_series(1, 75) AS reader")
    for reader in range(1, 66):
        timeline.execute("SELECT post FROM rs_timeline WHERE reader = %s", [reader])
    timeline.execute("SELECT pg_stat_force_next_flush()")
    timeline.execute("SELECT 1")
    rows = {row[0]: row[1:] for row in timeline.execute(code_of_tab(LESSON, "SQL", "sql")).fetchall()}
    assert rows["rs_timeline"] == (65, 75)
