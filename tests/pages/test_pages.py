import re

import pytest
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from apps.experiments.registry import experiments
from apps.pages.opening import opening_bet

pytestmark = pytest.mark.django_db


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def dead_links(html):
    """Return the addresses of this site in `html` that lead to no page."""
    dead = []
    for address in re.findall(r'(?:href|action)="(/[^"#?]*)', html):
        try:
            resolve(address)
        except Resolver404:
            if not address.startswith("/static/"):
                dead.append(address)
    return dead


@pytest.mark.parametrize("path", ["/", "/about/"])
def test_every_link_leads_somewhere(client, path):
    assert dead_links(page(client, path)) == []


def test_the_first_page_counts_the_labs_of_each_kind(client):
    html = page(client, "/")
    assert '<a href="/labs/">Labs</a>' in html
    for kind, tag in (("measured", "meas"), ("simulated", "sim")):
        labs = sum(lab.kind == kind for lab in experiments().values())
        assert f'{labs} <b class="tag {tag}">{kind}</b>' in html


def test_the_first_page_offers_a_bet_that_its_lab_takes(client):
    bet = opening_bet(experiments())
    assert bet.preset in experiments()[bet.lab].presets
    assert re.search(rf'<form class="predict" action="/labs/{bet.lab}/#lab-{bet.lab}">', page(client, "/"))
    assert 'value="75"' in page(client, f"/labs/{bet.lab}/?preset={bet.preset}&guess=75")


def test_without_labs_there_is_no_bet():
    assert opening_bet({}) is None


@pytest.mark.parametrize(("path", "link"), [("/learn/", "Learn"), ("/labs/", "Labs"), ("/labs/caching/", "Labs")])
def test_the_bar_on_top_tells_where_one_is(client, path, link):
    assert re.search(rf'aria-current="(page|true)">{link}<', page(client, path))


def test_the_first_page_writes_no_cookie(client):
    assert client.get("/").cookies == {}


def test_the_page_of_a_bug_needs_nothing():
    html = render_to_string("500.html")
    assert "Something broke on our side" in html
    assert dead_links(html) == []


def test_an_unknown_address_is_met_with_help(client):
    answer = client.get("/nowhere/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert 'href="/labs/"' in html
    assert dead_links(html) == []


def test_a_form_without_its_token_is_explained():
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/labs/caching/runs/")
    assert answer.status_code == 403
    assert "The form could not be trusted" in answer.content.decode()


def test_errors_of_the_form_come_back_and_error_pages_stay_out(client):
    config = re.search(r"name=\"htmx-config\" content='([^']+)'", page(client, "/"))[1]
    assert '"noSwap":[204,304,400,403,404,405,"5xx"]' in config
    assert "422" not in config
