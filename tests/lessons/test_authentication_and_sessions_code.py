"""Does the code of the lesson on sign-in rotate, notice thieves, forgive lost answers and end what it says it ends?"""

import os
import threading
from urllib.parse import parse_qs, urlparse

import psycopg
import pytest
from django.core import signing
from django.core.cache import cache

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/03-authentication-and-sessions"
sessions = module_of_tab(LESSON, "Python")
signin = module_of_tab(LESSON, "PKCE")
access = module_of_tab(LESSON, "Django")
KEY = b"a key of the tests"


@pytest.fixture
def connect():
    """A function that opens connections to a schema in which the lesson's table stands."""
    opened = []
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        owner.execute("CREATE SCHEMA sign_in")
        try:

            def another():
                options = "-c search_path=sign_in"
                opened.append(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options=options))
                return opened[-1]

            another().execute(code_of_tab(LESSON, "SQL", "sql"))
            yield another
        finally:
            for conn in opened:
                conn.close()
            owner.execute("DROP SCHEMA sign_in CASCADE")


@pytest.fixture
def conn(connect):
    return connect()


def later(conn):
    """Let a minute pass for all sessions."""
    conn.execute("UPDATE session SET rotated_at = rotated_at - interval '1 minute'")


def test_each_refresh_gives_the_next_token_of_the_same_session(conn):
    first = sessions.sign_in(conn, KEY, 42, "phone")
    user, session, second = sessions.refresh(conn, KEY, first)
    assert (user, second) == (42, sessions.refresh_token(KEY, session, 2))
    assert sessions.refresh(conn, KEY, second)[1] == session


def test_an_old_token_ends_the_session_for_thief_and_owner(conn):
    stolen = sessions.sign_in(conn, KEY, 42, "phone")
    thief = sessions.refresh(conn, KEY, stolen)[2]
    thief = sessions.refresh(conn, KEY, thief)[2]
    assert sessions.refresh(conn, KEY, stolen) is None
    assert sessions.refresh(conn, KEY, thief) is None
    assert sessions.devices(conn, 42) == []


def test_the_last_token_may_come_twice_for_some_seconds_and_gets_the_same_answer(conn):
    first = sessions.sign_in(conn, KEY, 42, "phone")
    answer = sessions.refresh(conn, KEY, first)
    assert sessions.refresh(conn, KEY, first) == answer
    later(conn)
    assert sessions.refresh(conn, KEY, first) is None
    assert sessions.refresh(conn, KEY, answer[2]) is None


def test_tabs_that_refresh_at_once_get_the_same_token(connect):
    first = sessions.sign_in(connect(), KEY, 42, "laptop")
    answers, gate = [], threading.Barrier(4)

    def tab(conn):
        gate.wait()
        answers.append(sessions.refresh(conn, KEY, first))

    tabs = [threading.Thread(target=tab, args=[connect()]) for _ in range(4)]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert answers[0][2].split(".")[1] == "2"


@pytest.mark.parametrize("change", ["UPDATE session SET expires_at = now()", "UPDATE session SET ended_at = now()"])
def test_an_expired_or_ended_session_is_not_refreshed(conn, change):
    shown = sessions.sign_in(conn, KEY, 42, "phone")
    conn.execute(change)
    assert sessions.refresh(conn, KEY, shown) is None


@pytest.mark.parametrize("forge", [lambda t: t.replace(".1.", ".2."), lambda t: t[:-1] + "é", lambda t: "", str.upper])
def test_a_forged_token_is_refused_and_harms_nobody(conn, forge):
    shown = sessions.sign_in(conn, KEY, 42, "phone")
    assert sessions.refresh(conn, KEY, forge(shown)) is None
    assert sessions.refresh(conn, KEY, shown)


def test_devices_end_one_by_one_or_all_at_once(conn):
    shown = {name: sessions.sign_in(conn, KEY, 42, name) for name in ("phone", "laptop", "television")}
    sessions.sign_in(conn, KEY, 7, "another's phone")
    found = {device: session for session, device, _ in sessions.devices(conn, 42)}
    assert set(found) == set(shown)
    assert sessions.sign_out(conn, 7, found["phone"]) == []
    assert sessions.sign_out(conn, 42, found["phone"]) == [str(found["phone"])]
    assert sessions.refresh(conn, KEY, shown["phone"]) is None
    assert sessions.refresh(conn, KEY, shown["laptop"])
    assert len(sessions.sign_out(conn, 42)) == 2
    assert [device for _, device, _ in sessions.devices(conn, 7)] == ["another's phone"]


def test_the_challenge_is_that_of_the_standard():
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
    assert signin.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert signin.may_redeem(signin.challenge(verifier), verifier)
    assert not signin.may_redeem(signin.challenge(verifier), verifier + "x")


def test_only_a_sign_in_that_was_started_here_comes_back_and_once():
    session = {}
    url = signin.start(session, "https://login.example/authorize", "shop", "https://shop.example/back")
    sent = {name: value for name, (value,) in parse_qs(urlparse(url).query).items()}
    assert session["sign_in"]["verifier"] not in url
    copy = {"sign_in": dict(session["sign_in"])}
    assert signin.verifier_for(copy, "another state") is None
    assert signin.verifier_for(copy, sent["state"]) is None
    assert signin.may_redeem(sent["code_challenge"], signin.verifier_for(session, sent["state"]))


@pytest.fixture
def clean_cache():
    cache.clear()
    yield
    cache.clear()


def test_a_token_says_who_until_its_session_is_denied(clean_cache):
    token = access.access_token(42, "a-session")
    assert access.who(token) == {"sub": 42, "sid": "a-session"}
    assert access.who(signing.dumps({"sub": 42, "sid": "a-session"}, salt="password reset")) is None
    assert access.who(token[:-2]) is None
    access.deny(["a-session"])
    assert access.who(token) is None
    assert access.who(access.access_token(42, "another"))


def test_a_token_expires(clean_cache, monkeypatch):
    token = access.access_token(42, "a-session")
    monkeypatch.setattr(access, "LIFETIME_S", 0)
    assert access.who(token) is None
