"""Does the lesson on webhooks believe whom it should, once and in order, and does its sender stay outside?"""

import json
import os
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg
import pytest
from django.test import RequestFactory

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/10-webhooks"
signature = module_of_tab(LESSON, "Python")
sender = module_of_tab(LESSON, "Sender", sign=signature.sign)
receiver = module_of_tab(LESSON, "Django", is_genuine=signature.is_genuine)
SECRET, OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + "b2xkLW9sZC1vbGQtb2xkLW9sZC1v"
NOW = 1_795_257_600


@pytest.fixture
def db():
    """A connection in which the lesson's tables stand, and are gone in the end."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connected:
        connected.execute(code_of_tab(LESSON, "SQL", "sql"))
        yield connected
        connected.rollback()


def headers(body, message="msg_2f", at=NOW, secrets=(SECRET,)):
    signed = " ".join(signature.sign(each, message, at, body) for each in secrets)
    return {"webhook-id": message, "webhook-timestamp": str(at), "webhook-signature": signed}


def event(state, version, kind="subscription.changed"):
    return json.dumps({"type": kind, "data": {"id": "sub_1", "state": state, "version": version}}).encode()


def receive(db, body, message, at=None):
    """Post the body to the endpoint as its sender would, and return the status."""
    given = headers(body, message, int(time.time()) if at is None else at)
    request = RequestFactory().post("/", body, content_type="application/json", headers=given)
    return receiver.receive(request, db, [SECRET]).status_code


def subscription(db):
    while receiver.handle_one(db):
        pass
    return db.execute("SELECT state, version FROM subscription").fetchall()


def test_the_signature_is_that_of_the_standard():
    made = signature.sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_whatever_is_changed_makes_it_wrong():
    body = b'{"total":1.0,"name":"J\xc3\xbcrgen"}'
    good = headers(body)
    assert signature.is_genuine([SECRET], good, body, NOW)
    assert signature.is_genuine([SECRET], good, body, NOW + 300)
    assert not signature.is_genuine([SECRET], good, body, NOW + 301)
    assert not signature.is_genuine([SECRET], good, json.dumps(json.loads(body)).encode(), NOW)
    assert not signature.is_genuine([OLD], good, body, NOW)
    for name, other in [("webhook-id", "msg_3"), ("webhook-timestamp", str(NOW + 1)), ("webhook-signature", "v1,ü")]:
        assert not signature.is_genuine([SECRET], {**good, name: other}, body, NOW)
        assert not signature.is_genuine([SECRET], {k: v for k, v in good.items() if k != name}, body, NOW)


def test_a_secret_is_changed_without_a_gap():
    both = headers(b"{}", secrets=(OLD, SECRET))
    assert all(signature.is_genuine(known, both, b"{}", NOW) for known in ([OLD], [OLD, SECRET], [SECRET]))


def test_copies_are_stored_once_and_old_news_changes_nothing(db):
    new, old = event("cancelled", 8), event("active", 7)
    assert [receive(db, new, "msg_8") for _ in range(3)] == [204] * 3
    assert db.execute("SELECT count(*) FROM inbox").fetchone() == (1,)
    assert subscription(db) == [("cancelled", 8)]
    assert receive(db, old, "msg_7") == 204
    assert receive(db, event("?", 9, kind="something.new"), "msg_9") == 204
    assert subscription(db) == [("cancelled", 8)]
    assert receive(db, event("active", 9), "msg_10") == 204
    assert subscription(db) == [("active", 9)]


def test_a_forged_or_recorded_call_is_refused(db):
    assert receive(db, event("active", 1), "msg_1", at=int(time.time()) - 3600) == 401
    request = RequestFactory().post("/", b"{}", content_type="application/json")
    assert receiver.receive(request, db, [SECRET]).status_code == 401
    assert db.execute("SELECT count(*) FROM inbox").fetchone() == (0,)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "10.0.0.7", "169.254.169.254", "224.0.0.1"])
def test_an_address_that_leads_inward_is_not_dialled(host):
    with pytest.raises(PermissionError):
        sender.public_address(host, 443)
    assert sender.attempt(sender.Outward(host), "/", "msg_1", b"{}", [SECRET], NOW) == 0


def test_a_public_address_is_let_through():
    assert sender.public_address("8.8.8.8", 443) == "8.8.8.8"


@pytest.fixture
def endpoint():
    """A receiver on this machine that answers each call with the next of `answers`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            self.server.came.append(signature.is_genuine([SECRET], self.headers, body, NOW))
            self.send_response(self.server.answers.pop(0))
            self.send_header("location", "http://127.0.0.1/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.came, server.answers = [], []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_receiver_believes_the_sender_and_a_redirect_is_not_followed(endpoint):
    endpoint.answers += [204, 302, 410]
    calls = [HTTPConnection("127.0.0.1", endpoint.server_port, timeout=5) for _ in range(3)]
    got = [sender.attempt(each, "/", "msg_1", b'{"a":1}', [SECRET], NOW) for each in calls]
    assert got == [204, 302, 410]
    assert endpoint.came == [True] * 3


def test_the_schedule_ends_after_ten_attempts():
    waits = [sender.wait_after(500, attempts) for attempts in range(1, 11)]
    assert waits.pop() is None
    assert all(0.9 * plan <= wait <= 1.1 * plan for wait, plan in zip(waits, sender.WAIT_S, strict=True))
    assert [sender.wait_after(status, 1) for status in (200, 204, 410)] == [None] * 3
    assert sender.wait_after(302, 1)
    assert sum(sender.WAIT_S) == 75 * 3600 + 35 * 60 + 5


@pytest.mark.parametrize(("memory_s", "invoices"), [(300, 9), (80 * 3600, 1)])
def test_the_nine_invoices(memory_s, invoices):
    at, known_until, made = 0, -1, 0
    for wait in [0, *sender.WAIT_S]:
        at += wait
        if at > known_until:
            made, known_until = made + 1, at + memory_s
    assert made == invoices
