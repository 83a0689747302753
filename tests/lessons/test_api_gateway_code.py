"""Does the code of the lesson on gateways route by segments, remember tokens for a time, and believe nobody else?"""

from types import SimpleNamespace

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import RequestFactory

from tests.lessons.tabs import module_of_tab

LESSON = "building-blocks/08-api-gateway"
edge = module_of_tab(LESSON, "Python")
identity = module_of_tab(LESSON, "Django")
KEY = "known to the gateway and its services"


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/orders/17", "orders"),
        ("/orders", "orders"),
        ("/cart/", "cart"),
        ("/cartoon", None),
        ("/admin/orders", None),
        ("/", None),
    ],
)
def test_a_path_is_routed_by_whole_segments(path, service):
    assert edge.route(path) == service


def test_the_longest_prefix_wins():
    assert edge.route("/orders/export/2026", {"/orders": "orders", "/orders/export": "reports"}) == "reports"


def test_what_only_the_gateway_may_say_is_not_taken_from_outside():
    sent = {"Accept": "text/html", "X-USER-ID": "1", "x-identity": "forged", "Connection": "close", "Host": "shop"}
    sent["X_Identity"] = "forged"  # becomes the same variable in WSGI
    assert edge.inner_headers(sent, "signed", "r-9") == {
        "Accept": "text/html",
        "X-Identity": "signed",
        "X-Request-Id": "r-9",
    }


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def checks():
    """Tokens that end at 1,100 s, a clock, and a list of what was asked."""
    asked, clock, valid = [], Clock(), {"good": {"user": 42, "exp": 1_100.0}}

    def ask(token):
        asked.append(token)
        return valid.get(token)

    tokens = edge.Tokens(ask, ttl_s=60, most=2, clock=clock)
    return SimpleNamespace(tokens=tokens, asked=asked, clock=clock, valid=valid)


def test_a_revoked_token_is_believed_until_the_cache_forgets_it(checks):
    assert checks.tokens.owner("good")["user"] == 42
    checks.valid.clear()
    checks.clock.now += 59
    assert checks.tokens.owner("good")["user"] == 42
    checks.clock.now += 2
    assert checks.tokens.owner("good") is None
    assert checks.asked == ["good", "good"]


def test_no_answer_is_kept_beyond_the_end_of_the_token(checks):
    checks.clock.now = 1_090.0
    checks.tokens.owner("good")
    checks.clock.now = 1_101.0
    checks.tokens.owner("good")
    assert len(checks.asked) == 2


def test_a_wrong_token_is_asked_again_and_takes_no_room(checks):
    assert [checks.tokens.owner("bad") for _ in range(3)] == [None] * 3
    assert len(checks.asked) == 3
    assert not checks.tokens.known


def test_the_cache_keeps_a_bounded_number_and_no_token_in_the_clear(checks):
    for name in ("a", "b", "c"):
        checks.valid[name] = {"user": name, "exp": 2_000.0}
        checks.tokens.owner(name)
    assert len(checks.tokens.known) == 2
    assert all(len(key) == 32 for key in checks.tokens.known)
    checks.tokens.owner("c")
    assert checks.asked == ["a", "b", "c"], "the newest is still there"


@pytest.fixture
def call():
    """Call a service through the lesson's middleware; return the status, or who it believed."""

    def view(request):
        return HttpResponse(str(request.user_id))

    def get(**headers):
        answer = identity.FromTheGateway(view, KEY)(RequestFactory().get("/orders/17", headers=headers))
        return int(answer.content) if answer.status_code == 200 else answer.status_code

    return get


def test_a_service_believes_the_gateways_signature_and_nothing_else(call):
    signed = identity.sign(42, ["orders"], KEY)
    assert call(**{"X-Identity": signed}) == 42
    assert call() == 401
    assert call(**{"X-Identity": "42"}) == 401
    assert call(**{"X-Identity": identity.sign(1, ["orders"], "a key of one's own")}) == 401
    assert call(**{"X-Identity": signing.dumps({"user": 1, "scopes": []}, key=KEY, salt="other")}) == 401


def test_an_identity_is_too_old_after_30_seconds(call, monkeypatch):
    signed = identity.sign(42, ["orders"], KEY)
    later = signing.time.time() + 31
    monkeypatch.setattr(signing.time, "time", lambda: later)
    assert call(**{"X-Identity": signed}) == 401


def test_only_the_owner_may_read_an_order():
    order = SimpleNamespace(user_id=42)
    assert identity.may_read(SimpleNamespace(user_id=42, scopes=["orders"]), order)
    assert not identity.may_read(SimpleNamespace(user_id=43, scopes=["orders"]), order)
    assert not identity.may_read(SimpleNamespace(user_id=42, scopes=["cart"]), order)
