"""Does the code in the lesson on notifications write each message once, and send none that it must not?"""

import os
import uuid
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.core import mail
from django.core.mail import BadHeaderError

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/09-email-and-notifications"
notes = module_of_tab(LESSON, "Python")
mails = module_of_tab(LESSON, "Django")
PARIS = "Europe/Paris"
ADDRESSES = {"email": "ada@example.com"}


@pytest.fixture
def db():
    """A schema of its own with the lesson's tables."""
    schema = f"notes_{uuid.uuid4().hex}"
    options = f"-c search_path={schema}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options=options) as connected:
        connected.execute(f"CREATE SCHEMA {schema}")
        connected.execute(code_of_tab(LESSON, "SQL", "sql"))
        yield connected
        connected.execute(f"DROP SCHEMA {schema} CASCADE")


class Provider:
    """A provider that answers, or fails in one of the three ways; `got` is what it was given to send."""

    def __init__(self, fails=None):
        self.fails, self.got = fails, []

    def __call__(self, address, kind, data, key):
        if self.fails not in {notes.Away, notes.Refused}:
            self.got.append(key)
        if self.fails:
            raise self.fails
        return len(self.got)


def write(db, event, kind, addresses=ADDRESSES, user=42, minutes_ago=1):
    now = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    notes.notify(db, event, user, kind, addresses, {"name": "Ada"}, now, zone_by_day(now))


def zone_by_day(now):
    """A zone in which it is day now, whenever the tests run."""
    return next(zone for zone in ("UTC", "Asia/Tokyo", "America/Los_Angeles") if notes.morning(now, zone) == now)


def states(db):
    return dict(db.execute("SELECT key, state FROM message").fetchall())


def send(db, lane, *providers):
    return notes.deliver(db, "email", lane, [(f"p{number}", each) for number, each in enumerate(providers)])


def test_an_event_that_comes_twice_or_is_rolled_back_makes_no_second_message(db):
    write(db, "shipped-7", "shipped", {"email": "ada@example.com", "push": "token"})
    write(db, "shipped-7", "shipped")
    with db.transaction(force_rollback=True):
        write(db, "shipped-8", "shipped")
    assert states(db) == {"shipped-7:42:push": "waiting", "shipped-7:42:email": "waiting"}


def say(db, kind, wanted, user=42):
    db.execute("INSERT INTO preference VALUES (%s, %s, 'email', %s)", [user, kind, wanted])


def test_what_is_switched_off_is_not_written_but_security_is(db):
    for kind in ("shipped", "reset"):
        say(db, kind, wanted=False)
        write(db, f"{kind}-1", kind)
    assert list(states(db)) == ["reset-1:42:email"]


def test_marketing_is_written_only_for_those_who_asked_for_it(db):
    say(db, "newsletter", wanted=True, user=7)
    for user in (7, 42):
        write(db, "news-1", "newsletter", user=user)
    assert list(states(db)) == ["news-1:7:email"]


def test_a_reset_does_not_stand_behind_a_newsletter(db):
    for number in range(50):
        say(db, "newsletter", wanted=True, user=number)
        write(db, "news-1", "newsletter", user=number, minutes_ago=5)
    write(db, "reset-9", "reset")
    provider = Provider()
    assert send(db, "now", provider)
    assert provider.got == ["reset-9:42:email"]
    assert not send(db, "now", provider)
    assert send(db, "bulk", provider)


def test_the_second_provider_gets_what_the_first_did_not_take(db):
    write(db, "bill-3", "bill")
    second = Provider()
    send(db, "soon", Provider(notes.Away), second)
    assert (second.got, states(db)) == (["bill-3:42:email"], {"bill-3:42:email": "sent"})


def test_a_silent_provider_makes_no_second_bill_but_a_second_reset(db):
    write(db, "bill-3", "bill")
    write(db, "reset-9", "reset")
    silent, second = Provider(notes.Unsure), Provider()
    send(db, "soon", silent, second)
    send(db, "now", silent, second)
    assert (len(silent.got), second.got) == (2, [])
    assert states(db) == {"bill-3:42:email": "unsure", "reset-9:42:email": "waiting"}
    db.execute("UPDATE message SET send_at = now()")
    assert not send(db, "soon", second)
    assert send(db, "now", second)


def test_a_worker_that_died_leaves_to_the_kind_what_is_done(db):
    for kind in ("bill", "shipped"):
        write(db, f"{kind}-1", kind)
        db.execute(notes.TAKE, ["email", "soon"])
    notes.recover(db)
    assert set(states(db).values()) == {"sending"}
    db.execute("UPDATE message SET send_at = now() - interval '1 second'")
    notes.recover(db)
    assert states(db) == {"bill-1:42:email": "unsure", "shipped-1:42:email": "waiting"}


def test_all_away_waits_and_what_is_late_is_dropped(db):
    write(db, "reset-9", "reset")
    send(db, "now", Provider(notes.Away), Provider(notes.Away))
    assert db.execute("SELECT state, send_at > now() + interval '50 s' FROM message").fetchone() == ("waiting", True)
    db.execute("UPDATE message SET send_at = now(), expires = now() - interval '1 s'")
    provider = Provider()
    send(db, "now", provider)
    assert (provider.got, states(db)) == ([], {"reset-9:42:email": "dropped"})


@pytest.mark.parametrize(
    ("came", "newsletter", "reset"),
    [
        (["soft"] * 4, True, True),
        (["soft"] * 5, False, False),
        (["soft"] * 4 + ["delivered", "soft"], True, True),
        (["complaint"], False, True),
        (["complaint", "delivered"], False, True),
        (["hard", "delivered"], False, False),
        (["complaint", "soft"], False, True),
        (["soft", "hard"], False, False),
        (["complaint", "hard"], False, False),
    ],
)
def test_what_came_back_decides_what_may_still_be_sent(db, came, newsletter, reset):
    for what in came:
        notes.returned(db, "ada@example.com", what)
    allowed = [not notes.suppressed(db, "ada@example.com", kind) for kind in ("newsletter", "reset")]
    assert allowed == [newsletter, reset]


def test_a_refused_address_gets_nothing_again(db):
    write(db, "bill-3", "bill")
    write(db, "bill-4", "bill")
    provider = Provider(notes.Refused)
    send(db, "soon", provider)
    provider.fails = None
    send(db, "soon", provider)
    assert (provider.got, sorted(states(db).values())) == ([], ["bounced", "dropped"])


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-21T20:59", "2026-11-21T20:59"),
        ("2026-11-21T21:00", "2026-11-22T07:00"),
        ("2026-11-22T02:00", "2026-11-22T07:00"),
        ("2026-03-28T23:30", "2026-03-29T06:00"),  # the night in which clocks go forward
    ],
)
def test_the_night_is_the_users(now, then):
    now, then = (datetime.fromisoformat(time).replace(tzinfo=UTC) for time in (now, then))
    assert notes.morning(now, PARIS) == then


def test_a_mail_is_escaped_in_html_only_can_be_left_and_never_has_a_gap():
    data = {"name": "Ada", "order": 7, "item": "<b>Tea</b> & cups"}
    message = mails.mail("shipped", "en", "ada@example.com", data, "shipped-7:42:email")
    message.send()
    sent = mail.outbox[-1]
    assert (sent.subject, "<b>Tea</b> & cups" in sent.body) == ("Order 7 is on its way", True)
    assert "&lt;b&gt;Tea&lt;/b&gt; &amp; cups" in sent.alternatives[0][0]
    text = sent.message().as_string()
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in text
    assert "Message-ID: <shipped-7.42.email@mail.example.com>" in text
    token = text.partition("/unsubscribe/")[2].partition(">")[0]
    assert mails.signing.loads(token, salt="leave") == ["ada@example.com", "shipped"]
    with pytest.raises(ValueError, match="no data for item"):
        mails.mail("shipped", "en", "ada@example.com", {"name": "Ada", "order": 7}, "k")
    with pytest.raises(BadHeaderError):
        mails.mail("shipped", "en", "a@example.com", data | {"order": "7\nBcc: all@example.com"}, "k").message()
