"""Do the queries of learners lead where they should? On the site's own lessons and labs, imported once."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import transaction

from apps.experiments.registry import experiments
from apps.lessons.actions import import_content
from apps.lessons.shelf import keeper as shelf_keeper
from apps.pages.findable import findable
from apps.search.finding import find
from apps.search.index import update
from apps.search.models import Document
from apps.search.views import EXAMPLES
from apps.search.vocabulary import keeper

QUERIES = yaml.safe_load((Path(__file__).parent / "queries.yaml").read_text())


@pytest.fixture(scope="module")
def content(django_db_setup, django_db_blocker):
    """The content of this site in the database, and out of it again after this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        import_content(settings.CONTENT_DIR, labs=experiments())
        update(findable(experiments()))
        forget()
        yield
        transaction.set_rollback(True)
    forget()


def forget():
    """Let this process read lessons and words anew."""
    keeper.held = None
    shelf_keeper.forget()


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query["q"])
def test_what_a_learner_looks_for_is_among_the_first_three(content, db, query):
    wanted = set(query.get("any") or [query["url"]])
    groups = find(query["q"], most=10).groups
    assert wanted & {hit.url for group in groups[:3] for hit in group.hits}, [group.head.url for group in groups]


def test_there_are_enough_queries_and_each_stands_there_once():
    assert len({query["q"] for query in QUERIES}) == len(QUERIES) >= 30


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_page_find_something_as_they_stand(content, db, example):
    answer = find(example, most=3)
    assert answer.groups
    assert not answer.corrected
    assert not answer.loosened


def test_every_address_in_the_index_leads_to_a_page(content, db, client, monkeypatch):
    monkeypatch.setattr("apps.lessons.shelf.FRESH_S", 3600)  # another reading would not see this transaction
    addresses = {url.partition("#")[0] for url in Document.objects.values_list("url", flat=True)}
    lost = [address for address in sorted(addresses) if client.get(address).status_code != 200]
    assert lost == []


def test_a_second_import_leaves_every_page_alone(content, db):
    changes = update(findable(experiments()))
    assert (changes.written, changes.removed) == (0, 0)
