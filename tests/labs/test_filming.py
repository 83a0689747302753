"""A stored film on its page: small, safe in its script element, and told as a table for who does not watch."""

import json

import pytest

from apps.experiments.film import Film, Place, Sign, Visit, cut
from apps.labs.filming import MOST_ROWS, FilmTold
from apps.labs.models import Run
from tests.labs.rows import carry_out


def told(visits=(), signs=(), end=2.0):
    places = (Place("a", "Edge <1>", 0), Place("b", "Origin", 1))
    return FilmTold(Film(places, (("a", "b"),), tuple(visits), "The first", 0.0, end, tuple(signs)).as_json())


def test_events_stand_in_the_order_of_time_with_waits_and_ends():
    visits = [Visit(0, "b", 0.5, 0.75, 1.0, "late"), Visit(1, "a", 0.25, 0.25, 0.5, "miss")]
    events = told(visits, [Sign(0.4, "b", "open")]).events
    assert [(event.at, event.place, event.told) for event in events] == [
        ("250\u00a0ms", "Edge <1>", "Request 2: 250\u00a0ms inside, miss"),
        ("400\u00a0ms", "Origin", "open"),
        ("500\u00a0ms", "Origin", "Request 1: 250\u00a0ms in line, 250\u00a0ms inside, too late"),
    ]


def test_a_long_film_has_a_short_table_that_says_so():
    film = told([Visit(dot, "a", dot / 1000, dot / 1000, 1.0) for dot in range(500)])
    assert len(film.events) == MOST_ROWS
    assert film.left_out == 500 - MOST_ROWS


def test_a_film_cannot_end_its_script_element():
    film = told([Visit(0, "a", 0, 0, 1)])
    assert "<" not in film.json
    assert json.loads(film.json)["places"][0][0] == "Edge <1>"


@pytest.mark.parametrize(("end", "unit"), [(0.02, "ms"), (2.0, "ms"), (60.0, "s")])
def test_times_are_told_in_the_unit_that_fits(end, unit):
    assert told([Visit(0, "a", 0, 0, end)], end=end).events[0].at.endswith(unit)


@pytest.mark.django_db
@pytest.mark.usefixtures("broker")
def test_the_page_of_a_run_shows_its_film_with_where_it_comes_from(ada):
    ada.start()
    run = Run.objects.get()
    carry_out(run, hit_ratio=0.5)
    assert "<lab-film" not in ada.get(run.get_absolute_url()).content.decode()
    Run.objects.update(film=told([Visit(0, "a", 0, 0, 1)]).film)
    page = " ".join(ada.get(run.get_absolute_url()).content.decode().split())
    assert '<lab-film label="The first at Edge &lt;1&gt;, Origin">' in page
    assert "The film as a table" in page
    assert ada.get(f"/runs/{run.pk}/data.json").json()["film"]["caption"] == "The first"


@pytest.mark.parametrize("visits", [[], [Visit(0, "one", 3.0, 3.0, 3.0)], [Visit(0, "one", 1.0, 1.0, 2.0)]])
def test_what_takes_no_time_is_no_film(visits):
    assert cut([Place("one", "One", 0)], [], visits, "Nothing to watch", start=3.0) is None
