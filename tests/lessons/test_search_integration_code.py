"""Does the code in the lesson on search rank as it says, and lose no change on the way to the index?"""

import itertools
import os
import random
import re
import uuid

import psycopg
import pytest

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/08-search-integration"
search = module_of_tab(LESSON, "Python")
synced = module_of_tab(LESSON, "psycopg")
TEXTS = ["red running shoes", "red shoes red laces red box", "running shoes for the road", "blue dress"]
GUIDE = (
    "How to choose running shoes: running on road, running on trail, running on track, and which shoes to run in "
    "when it rains"
)


@pytest.fixture
def db():
    """A schema of its own with the lesson's tables and trigger."""
    schema = f"search_{uuid.uuid4().hex}"
    options = f"-c search_path={schema} -c max_parallel_workers_per_gather=0"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options=options) as connected:
        connected.execute(f"CREATE SCHEMA {schema}")
        connected.execute(code_of_tab(LESSON, "SQL", "sql"))
        yield connected
        connected.execute(f"DROP SCHEMA {schema} CASCADE")


def index_of(texts):
    index = search.Index()
    for key, text in enumerate(texts, 1):
        index.put(key, text, 1)
    return index


def test_the_scores_are_those_that_the_lesson_has_by_hand():
    scores = index_of(TEXTS).search("Red shoes")
    assert list(scores) == [2, 1, 3]
    assert list(scores.values()) == pytest.approx([1.28, 1.17, 0.32], abs=0.005)
    assert [times * 2.2 / (times + 1.2) for times in (1, 2, 10)] == pytest.approx([1, 1.375, 1.96], abs=0.005)


def test_late_and_double_messages_and_a_delete_leave_what_is_newest():
    states = [(7, "red", 1), (7, "green", 2), (7, None, 3)]
    for messages in itertools.permutations([*states, states[1]]):
        index = search.Index()
        for message in messages:
            index.put(*message)
        assert index.search("red green") == {}
        assert index.put(7, "blue", 4)
        assert list(index.search("blue")) == [7]


def test_typos_prefixes_and_ranks():
    assert [search.edits("shoes", word) for word in ("shoes", "sheos", "shoe", "shows", "boots")] == [0, 1, 1, 1, 3]
    index = index_of([*TEXTS, "waterproof"])
    assert index.lenient("sheos") == ["shoes"]
    assert index.lenient("watrprof") == ["waterproof"]
    assert index.lenient("rd") == []
    assert search.alike("watrproof", "waterproof") == 8 / 13
    assert search.alike("sheos", "shoes") == 0.2
    phrases = sorted([("shoes", 90), ("shirt", 20), ("shoe rack", 95), ("sofa", 99), ("short", 1)])
    assert search.suggest(phrases, "sho", most=2) == ["shoe rack", "shoes"]
    assert [search.reciprocal_rank([3, 7], wanted) for wanted in (3, 7, 9)] == [1, 0.5, 0]


def rank(db, text, query, flag=0):
    asked = "SELECT ts_rank(to_tsvector('english', %s), to_tsquery('english', %s), %s)"
    return db.execute(asked, [text, query, flag]).fetchone()[0]


def test_the_rank_of_postgresql_does_not_know_what_is_rare_but_weights_help(db):
    often, rare = "shoes red shoes red shoes red", "waterproof"
    assert rank(db, often, "red | waterproof") > rank(db, rare, "red | waterproof")
    index = index_of([often, rare, *["red shoes"] * 50])
    assert next(iter(index.search("red waterproof"))) == 2
    shoe = "Red running shoes for the road"
    ranks = [rank(db, text, "running & shoes", flag) for flag in (0, 1) for text in (GUIDE, shoe)]
    assert ranks == pytest.approx([0.51, 0.10, 0.14, 0.04], abs=0.005)
    db.execute("INSERT INTO product (id, name, body) VALUES (1, 'Guide', %s), (2, %s, '')", [GUIDE, shoe])
    assert synced.find(db, "running shoes") == [2, 1]
    assert synced.find(db, '"running shoes" -guide') == [2]


def carried(db, index, turns=3):
    for _ in range(turns):
        synced.relay(db, index, batch=2)


def test_every_change_arrives_and_a_delete_too(db):
    index = search.Index()
    db.execute("INSERT INTO product (id, name) VALUES (1, 'red shoes'), (2, 'red dress'), (3, 'blue')")
    carried(db, index)
    db.execute("UPDATE product SET name = 'green shoes' WHERE id = 1")
    db.execute("UPDATE product SET name = 'green boots' WHERE id = 1")
    db.execute("DELETE FROM product WHERE id = 2")
    carried(db, index)
    assert index.search("red dress shoes") == {}
    assert list(index.search("boots")) == [1]
    assert index.versions == {1: 3, 2: 2, 3: 1}
    assert synced.relay(db, index) == 0


class Away(search.Index):
    """An index that does not answer."""

    def put(self, key, text, version):
        raise ConnectionError


def test_writing_to_both_loses_what_the_outbox_keeps(db):
    db.execute("INSERT INTO product (id, name) VALUES (1, 'red shoes')")
    with pytest.raises(ConnectionError):
        Away().put(1, "red shoes", 1)
    with pytest.raises(ConnectionError):
        synced.relay(db, Away())
    with db.transaction(force_rollback=True):
        db.execute("INSERT INTO product (id, name) VALUES (2, 'never')")
    index = search.Index()
    assert synced.relay(db, index) == 1
    assert list(index.texts) == [1]


def pages(db, query):
    plan = str(db.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query}").fetchall())
    return sum(map(int, re.search(r"Buffers: shared hit=(\d+)(?: read=(\d+))?", plan).groups(default="0")))


def test_the_index_reads_few_pages_for_a_rare_word_and_many_for_a_common_one(db):
    chance = random.Random(7)
    rows = []
    for number in range(4000):
        marks = " rareword" * (number % 800 == 7) + " commonword" * (number % 8 == 3)
        rows.append((number, "".join(chance.choices("abcdefgh ", k=300)) + marks))
    with db.cursor() as cursor:
        cursor.executemany("INSERT INTO product (id, name) VALUES (%s, %s)", rows)
    db.execute("VACUUM ANALYZE product")
    ranked = "SELECT id FROM product WHERE words @@ '{0}'::tsquery ORDER BY ts_rank(words, '{0}') DESC LIMIT 10"
    rare, common = (pages(db, ranked.format(word)) for word in ("rareword", "commonword"))
    like = pages(db, "SELECT count(*) FROM product WHERE name LIKE '%rareword%'")
    assert rare * 10 < common <= like
