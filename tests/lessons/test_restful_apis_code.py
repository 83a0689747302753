"""Do the pages, conditions and errors of the lesson on RESTful APIs keep their promises on a real PostgreSQL?"""

import json
import os

import psycopg
import pytest
from django.test import RequestFactory

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/02-restful-apis"
api = module_of_tab(LESSON, "Python")
ADA, BRIAN = 1, 2
ADD = "INSERT INTO customer_order (customer_id, total_cents, created_at) VALUES (%s, %s, '2026-01-01')"


@pytest.fixture
def conn():
    """Ten orders of Ada's, all of the same instant, so that only the id tells them apart."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connected:
        connected.execute(code_of_tab(LESSON, "SQL", "sql"))
        for number in range(10):
            connected.execute(ADD, [ADA, number])
        yield connected
        connected.rollback()


def ask(conn, path="/orders?limit=4", customer=ADA):
    answer = api.list_orders(RequestFactory().get(path), conn, customer)
    return answer.status_code, json.loads(answer.content)


def put(conn, note, seen, customer=ADA, order=None):
    order = order or conn.execute("SELECT min(id) FROM customer_order").fetchone()[0]
    headers = {"If-Match": f'"{seen}"'} if seen else {}
    request = RequestFactory().put("/", json.dumps({"note": note}), "application/json", headers=headers)
    return api.change_note(request, conn, customer, order)


def leaf(conn, between=lambda: None):
    """Return the totals of all pages, in order; `between` happens after each page."""
    totals, path = [], "/orders?limit=4"
    while path:
        _, page = ask(conn, path)
        totals += [order["total_cents"] for order in page["orders"]]
        path = page["next"]
        between()
    return totals


def test_all_entries_come_once_though_they_are_of_one_instant(conn):
    assert leaf(conn) == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_what_is_added_meanwhile_shifts_nothing(conn):
    assert leaf(conn, lambda: conn.execute(ADD, [ADA, 99])) == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_a_stranger_sees_none_of_them(conn):
    assert ask(conn, customer=BRIAN) == (200, {"orders": [], "next": None})


@pytest.mark.parametrize("path", ["/orders?limit=0", "/orders?limit=201", "/orders?limit=x", "/orders?after=made-up"])
def test_a_page_that_cannot_be_is_refused_with_a_reason(conn, path):
    status, body = ask(conn, path)
    assert status == 400
    assert body["detail"]


def test_a_change_meant_for_an_older_state_is_refused(conn):
    assert put(conn, "first", 1)["ETag"] == '"2"'
    refused = put(conn, "second", 1)
    assert refused.status_code == 412
    assert json.loads(refused.content)["version"] == 2
    assert conn.execute("SELECT note FROM customer_order ORDER BY id LIMIT 1").fetchone()[0] == "first"


def test_a_stranger_learns_nothing_about_an_order(conn):
    assert put(conn, "mine now", 1, customer=BRIAN).status_code == 404


def test_a_change_without_a_condition_is_asked_for_one(conn):
    assert put(conn, "blind", None).status_code == 428


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"note": 7}', '"note"'])
def test_a_change_that_is_no_note_is_refused_and_changes_nothing(conn, body):
    order = conn.execute("SELECT min(id) FROM customer_order").fetchone()[0]
    request = RequestFactory().put("/", body, "application/json", headers={"If-Match": '"1"'})
    assert api.change_note(request, conn, ADA, order).status_code == 422
    assert conn.execute("SELECT version FROM customer_order WHERE id = %s", [order]).fetchone()[0] == 1


def test_pages_read_grow_with_an_offset_and_with_a_written_out_pair_but_not_with_a_cursor(conn):
    """The cursor's query is the one that the lesson prints."""
    conn.execute("INSERT INTO customer_order (customer_id, total_cents) SELECT 3, i FROM generate_series(1, 20000) i")
    conn.execute("ANALYZE customer_order")

    def pages(query, values=None):
        plan = conn.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", values).fetchone()[0][0]["Plan"]
        return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]

    newest = "SELECT * FROM customer_order WHERE customer_id = 3 {} ORDER BY created_at DESC, id DESC {}"
    at, last = conn.execute(newest.format("", "LIMIT 1 OFFSET 15000").replace("*", "created_at, id")).fetchone()
    cursor = pages(api.PAGE, {"customer": 3, "at": at.isoformat(), "id": last, "limit": 51})
    place = {"at": at, "id": last}
    written_out = "AND (created_at < %(at)s OR (created_at = %(at)s AND id < %(id)s))"
    bounded = "AND created_at <= %(at)s AND (created_at < %(at)s OR id < %(id)s)"
    assert cursor * 5 < pages(newest.format("", "LIMIT 50 OFFSET 15000"))
    assert cursor * 5 < pages(newest.format(written_out, "LIMIT 50"), place)
    conn.execute("UPDATE customer_order SET created_at = created_at - id * interval '1 s' WHERE customer_id = 3")
    at, last = conn.execute(newest.format("", "LIMIT 1 OFFSET 15000").replace("*", "created_at, id")).fetchone()
    place = {"at": at, "id": last}
    assert pages(newest.format(bounded, "LIMIT 50"), place) * 5 < pages(newest.format(written_out, "LIMIT 50"), place)
