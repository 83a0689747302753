"""Does the code in the lesson on files sign as S3 does, and show only what was checked?"""

import hashlib
import os
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection
from django.test.utils import isolate_apps

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/07-file-storage"
files = module_of_tab(LESSON, "Python")
ACCESS = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
HOST = "examplebucket.s3.amazonaws.com"
PICTURE = b"\x89PNG\r\n\x1a\n and what follows"


def test_the_signature_is_that_of_the_example_in_the_documentation():
    url = files.presign("GET", HOST, "/test.txt", ACCESS, datetime(2013, 5, 24, tzinfo=UTC), 86_400)
    assert url.endswith("=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")


def test_a_signed_length_is_part_of_the_permission_and_a_shared_time_gives_one_address():
    def put(now, size):
        return files.presign("PUT", HOST, "/incoming/7", ACCESS, now, 900, {"content-length": size})

    first, later = datetime(2026, 11, 21, 14, 1, 9, tzinfo=UTC), datetime(2026, 11, 21, 14, 14, 59, tzinfo=UTC)
    assert "content-length%3Bhost" in put(first, 40)
    assert put(first, 40).partition("Signature=")[2] != put(first, 41).partition("Signature=")[2]
    assert put(first, 40) != put(later, 40)
    assert put(files.shared(first), 40) == put(files.shared(later), 40)


def test_parts_fit_the_limits_and_save_the_hours_that_the_lesson_says():
    assert files.part_size(78 * 2**30) == 8 * files.MIB
    assert -(-(48 * 2**40) // files.part_size(48 * 2**40)) <= 10_000
    whole, parts = files.expected_s(5e9, 20e6, 600), files.expected_s(5e9, 20e6, 600, 16e6)
    assert (whole / 3600, parts) == pytest.approx((4.5, 2011), rel=0.002)


def test_the_expected_time_is_that_of_many_uploads():
    chance = random.Random(7)

    def upload(needed, mean):
        spent = 0
        while (until := chance.expovariate(1 / mean)) < needed:
            spent += until
        return spent + needed

    mean = sum(upload(80, 60) for _ in range(20_000)) / 20_000
    assert mean == pytest.approx(files.expected_s(100e6, 10e6, 60), rel=0.05)


@dataclass
class Found:
    size: int
    etag: str


class Store:
    """An object store: whoever has an address may write as often as he likes, and conditions hold."""

    class Changed(Exception):
        """The object is no longer the one that was asked for."""

    def __init__(self):
        self.objects = {}

    def put_url(self, key, **signed):
        return lambda body: self.objects.update({key: body})

    def head(self, key):
        body = self.objects.get(key)
        return body and Found(len(body), hashlib.md5(body).hexdigest())

    def read(self, key, if_match):
        if self.head(key).etag != if_match:
            raise self.Changed
        return self.objects[key]

    def copy(self, source, target, if_match):
        self.objects[target] = self.read(source, if_match)


class Scanner:
    def clean(self, body):
        return b"EVIL" not in body


@pytest.fixture
def shop(db):
    code = code_of_tab(LESSON, "Django").replace('app_label = "shop"', 'app_label = "lessons"')
    names = {
        "__name__": "shop.files",
        "store": Store(),
        "scanner": Scanner(),
        "enqueue": lambda job, pk: jobs.append(pk),
    }
    jobs = names["jobs"] = []
    with isolate_apps("apps.lessons"):
        exec(code, names)
    with connection.schema_editor() as schema:
        schema.create_model(names["Upload"])
    return names


@pytest.fixture
def send(shop, django_capture_on_commit_callbacks):
    def sent(body, says=None):
        says = says or body
        upload, put = shop["start"](1, "cat.png", "image/png", len(says), hashlib.sha256(says).hexdigest())
        put(body)
        with django_capture_on_commit_callbacks(execute=True):
            shop["finish"](1, upload.pk)
        return upload, put

    return sent


def state(upload):
    upload.refresh_from_db()
    return upload.state


def test_a_good_file_is_copied_and_an_attack_after_the_scan_goes_nowhere(shop, send):
    upload, put = send(PICTURE)
    assert shop["jobs"] == [upload.pk]
    shop["check"](upload.pk)
    assert state(upload) == "clean"
    put(b"EVIL")
    assert shop["store"].objects[f"files/{upload.pk}"] == PICTURE


def test_what_was_replaced_before_the_scan_or_is_not_what_was_said_is_rejected(shop, send):
    replaced, put = send(PICTURE)
    put(PICTURE + b" more")
    evil, _ = send(PICTURE + b"EVIL")
    page, _ = send(b"<script>" + PICTURE)
    other, _ = send(PICTURE[:-1] + b"!", says=PICTURE)
    for upload in (replaced, evil, page, other):
        shop["check"](upload.pk)
        assert state(upload) == "rejected"
    assert not any(key.startswith("files/") for key in shop["store"].objects)


def test_the_client_is_not_believed_and_nothing_is_done_twice(shop, send, django_capture_on_commit_callbacks):
    with pytest.raises(shop["Refused"]):
        shop["start"](1, "film", "image/png", shop["LARGEST"] + 1, "")
    with pytest.raises(shop["Refused"]):
        send(PICTURE, says=PICTURE + b"more")
    upload, _ = send(PICTURE)
    with django_capture_on_commit_callbacks(execute=True):
        shop["finish"](1, upload.pk)
    assert shop["jobs"] == [upload.pk]
    for _ in range(2):
        shop["check"](upload.pk)
    assert state(upload) == "clean"
    with pytest.raises(shop["Upload"].DoesNotExist):
        shop["finish"](2, upload.pk)


def test_a_file_in_a_row_is_written_twice():
    schema, size = f"files_{uuid.uuid4().hex}", 2**20
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
        db.execute(f"CREATE SCHEMA {schema}")
        db.execute(f"CREATE TABLE {schema}.file (body bytea)")
        before = db.execute("SELECT pg_current_wal_insert_lsn()").fetchone()[0]
        for _ in range(4):
            db.execute(f"INSERT INTO {schema}.file VALUES (%s)", [os.urandom(size)])
        sizes = f"SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s), pg_total_relation_size('{schema}.file')"
        log, table = db.execute(sizes, [before]).fetchone()
        db.execute(f"DROP SCHEMA {schema} CASCADE")
    assert min(log, table) > 4 * size
