"""What is written and read? Entries of a few people, and heartbeats. Rows are only ever added.

An update would leave old versions behind, whose removal on a standby waits for the queries that run there
(max_standby_streaming_delay): a lag of our own making.
"""

from __future__ import annotations

from apps.experiments.lab_postgres import Connection

BODY_BYTES = 1_000
# A position in the log as a number of bytes; a session's token must not be newer than what it has seen.
POSITION = (
    "(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END "
    "- '0/0'::pg_lsn)::bigint"
)
ADD = f"INSERT INTO entry VALUES (%s, %s, repeat('x', {BODY_BYTES}))"  # noqa: S608  (a number of ours)
WHERE = f"SELECT {POSITION}"  # noqa: S608  (a constant of ours)
PAGE = (
    "SELECT (SELECT coalesce(max(id), -1) FROM entry WHERE author = %s), "  # noqa: S608
    f"(SELECT coalesce(max(id), -1) FROM entry WHERE author = %s), {POSITION}"
)
PRESENT = "SELECT id FROM entry WHERE author >= 0"
BEAT = "INSERT INTO heartbeat VALUES (%s, clock_timestamp())"
# The standby itself looks every half millisecond, so that our process is not busy with asking. Both times are of one
# machine's clock.
SEEN = "SELECT n, lag_s FROM heartbeats_after(%s, %s)"
SETUP = """
DROP TABLE IF EXISTS entry, heartbeat;
CREATE TABLE entry (id integer PRIMARY KEY, author integer NOT NULL, body text NOT NULL);
CREATE INDEX entry_author ON entry (author, id);
CREATE TABLE heartbeat (n integer PRIMARY KEY, at timestamptz NOT NULL);
CREATE OR REPLACE FUNCTION heartbeats_after(last integer, patience_s double precision)
RETURNS TABLE (n integer, lag_s double precision) LANGUAGE plpgsql VOLATILE AS $$
DECLARE give_up_at timestamptz := clock_timestamp() + patience_s * interval '1 second';
BEGIN
    LOOP
        RETURN QUERY SELECT heartbeat.n, extract(epoch FROM clock_timestamp() - heartbeat.at)::double precision
            FROM heartbeat WHERE heartbeat.n > last ORDER BY heartbeat.n;
        EXIT WHEN FOUND OR clock_timestamp() > give_up_at;
        PERFORM pg_sleep(0.0005);
    END LOOP;
END $$;
"""
NOBODY = -1  # author of the commits that are timed before the run


def load(control: Connection) -> None:
    """Make empty tables on the primary; the standbys follow."""
    control.execute(SETUP, prepare=False)  # several statements
