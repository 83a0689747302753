"""What does a search cost? Learners' queries, one after the other on one core, against one row read by its key."""

import http.client
import time
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import psycopg
import yaml

from apps.testbed.ports import free_port
from bench.pages import uvicorn
from bench.report import Row, against
from bench.site import ROOT, prepared_site, serving

QUERIES = Path(ROOT) / "tests" / "search" / "queries.yaml"
WARM, ROUNDS = 3, 20


def paths(**parameters: str) -> list[str]:
    """Return the addresses of all queries."""
    queries = yaml.safe_load(QUERIES.read_text(encoding="utf-8"))
    return [f"/search/?{urlencode({'q': query['q'], **parameters})}" for query in queries]


def times_ms(port: int, asked: list[str]) -> np.ndarray:
    """Return the response times in ms, a row a round, a column an address. Raises RuntimeError unless all are 200."""
    server = http.client.HTTPConnection("127.0.0.1", port)
    return np.array([[_one_ms(server, path) for path in asked] for _ in range(WARM + ROUNDS)])[WARM:]


def _one_ms(server: http.client.HTTPConnection, path: str) -> float:
    started = time.perf_counter()
    server.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = server.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered with {answer.status}")
    return (time.perf_counter() - started) * 1000


def row_by_key_ms(database_url: str) -> np.ndarray:
    """Return the times in ms of reading one document by its address: a new connection, as each request has one."""
    times = []
    for _ in range(WARM + 200):
        started = time.perf_counter()
        with psycopg.connect(database_url) as connection:
            connection.execute("SELECT * FROM search_document WHERE url = %s", ["/learn/building-blocks/caching/"])
        times.append((time.perf_counter() - started) * 1000)
    return np.array(times[WARM:])


def run() -> list[Row]:
    """Return response times in ms over all queries, and of the query whose median is the slowest."""
    port, rows = free_port(), []
    with prepared_site() as environment:
        environment = {**environment, "SEARCHES_A_MINUTE_PER_ADDRESS": "1000000"}
        with serving(environment, *uvicorn(port), port=port):
            for name, asked in (("search page", paths()), ("palette", paths(part="palette"))):
                times, key = times_ms(port, asked), row_by_key_ms(environment["DATABASE_URL"])
                for label, share in (("p50", 50), ("p99", 99)):
                    reference = float(np.percentile(key, share))
                    value = float(np.percentile(times, share))
                    rows.append(against(f"{name} {label} (ref: a row by its key)", value, "ms", reference))
                slowest = float(np.median(times, axis=0).max())
                rows.append(Row(f"{name}, slowest of {len(asked)} queries, median", round(slowest, 2), "ms"))
    return rows
