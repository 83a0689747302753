"""Does the code in the replication lesson keep its promises, on a real primary with real standbys?"""

import itertools

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from apps.testbed.standby import replica_set
from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "building-blocks/05-replication"
session = module_of_tab(LESSON, "Python")
routing = module_of_tab(LESSON, "Django")
ADD = "UPDATE note SET version = version + 1 WHERE id = 1"
READ = "SELECT version FROM note WHERE id = 1"


@pytest.fixture(scope="module")
def servers():
    with replica_set(2) as running:
        yield running


@pytest.fixture
def primary(servers):
    with servers.primary.connect() as connected:
        connected.execute("DROP TABLE IF EXISTS note")
        connected.execute("CREATE TABLE note (id int PRIMARY KEY, version int)")
        connected.execute("INSERT INTO note VALUES (1, 0)")
        yield connected


@pytest.fixture
def replicas(servers, primary):
    """Connections to both standbys, the first of which has stopped to apply."""
    with servers.standbys[0].server.connect() as late, servers.standbys[1].server.connect() as fresh:
        user = session.Session(primary, [fresh])
        user.seen = session.position(primary)
        assert user.fresh_replica(10) is fresh
        user.replicas = [late]
        assert user.fresh_replica(10) is late
        late.execute("SELECT pg_wal_replay_pause()")
        yield late, fresh
        late.execute("SELECT pg_wal_replay_resume()")


def version(rows):
    return rows[0][0]


def test_without_the_token_a_user_misses_her_own_write(primary, replicas):
    late, _ = replicas
    session.Session(primary, []).write(ADD)
    assert version(late.execute(READ).fetchall()) == 0


def test_a_user_reads_her_own_writes(primary, replicas):
    user = session.Session(primary, list(replicas))
    for expected in range(1, 21):
        user.write(ADD)
        assert version(user.read(READ)) == expected


def test_a_fresh_replica_answers_and_a_late_one_does_not(primary, replicas):
    late, fresh = replicas
    user = session.Session(primary, [late, fresh])
    user.write(ADD)
    assert user.fresh_replica(10) is fresh


def test_a_read_goes_to_the_primary_if_no_replica_is_there_yet(primary, replicas):
    late, _ = replicas
    user = session.Session(primary, [late])
    user.write(ADD)
    assert user.fresh_replica(0.01) is None
    assert version(user.read(READ, patience=0.01)) == 1


def test_what_was_seen_once_stays_seen(primary, replicas):
    late, fresh = replicas
    writer, reader = session.Session(primary, []), session.Session(primary, [late, fresh])
    seen = []
    for _ in range(30):
        writer.write(ADD)
        seen.append(version(reader.read(READ)))
    assert all(before <= after for before, after in itertools.pairwise(seen))


def test_a_token_outlives_the_request(primary, replicas):
    first = session.Session(primary, list(replicas))
    first.write(ADD)
    next_request = session.Session(primary, list(replicas), seen=str(first.seen))
    assert version(next_request.read(READ)) == 1


def test_what_to_alert_on_has_a_row_for_each_standby(servers, primary):
    query = code_of_tab(LESSON, "SQL", "sql").split(";")[0]
    rows = primary.execute(query).fetchall()
    assert {row[0] for row in rows} == {standby.name for standby in servers.standbys}
    assert all(row[1] == "streaming" for row in rows)
    assert all(row[-1] >= 0 for row in rows)


def test_one_transaction_may_ask_for_more_than_the_others(primary):
    statements = code_of_tab(LESSON, "SQL", "sql").split(";", 1)[1]
    primary.execute("CREATE TABLE IF NOT EXISTS account (id int PRIMARY KEY, balance_cents int)")
    primary.execute("INSERT INTO account VALUES (7, 900) ON CONFLICT (id) DO UPDATE SET balance_cents = 900")
    primary.execute(statements)
    assert primary.execute("SELECT balance_cents FROM account").fetchone() == (400,)
    assert primary.execute("SHOW synchronous_commit").fetchone() == ("on",)


def browser():
    """Return a function that sends a request through the middleware and says where the view would read."""
    router, cookies = routing.ReplicaRouter(), {}

    def view(request):
        return HttpResponse(router.db_for_read(model=None))

    def send(method):
        request = RequestFactory().generic(method, "/comments")
        request.COOKIES.update({name: morsel.value for name, morsel in cookies.items()})
        response = routing.read_your_writes(view)(request)
        cookies.update(response.cookies)
        return response

    return send


def test_who_only_reads_reads_from_replicas():
    send = browser()
    assert {send("GET").content for _ in range(50)} == {b"replica1", b"replica2"}


def test_who_has_written_reads_from_the_primary_for_five_seconds():
    send = browser()
    written = send("POST")
    assert written.content == b"default"
    assert written.cookies["pinned"]["max-age"] == 5
    assert {send("GET").content for _ in range(20)} == {b"default"}


def test_one_request_does_not_pin_the_next_one_in_its_thread():
    browser()("POST")
    assert not routing.pinned.get()


def test_writes_and_migrations_go_to_the_primary_only():
    router = routing.ReplicaRouter()
    assert router.db_for_write(model=None) == "default"
    assert [router.allow_migrate(alias, "shop") for alias in ("default", "replica1")] == [True, False]
