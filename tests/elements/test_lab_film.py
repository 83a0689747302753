"""The film player: it plays in view only, steps by pointer and keyboard, and tells in words what is where."""

import json
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from apps.experiments.film import Place, Sign, Visit, cut

PLACES = [
    Place("client", "Client", 0, slots=0),
    Place("one", "Server 1", 1, 0),
    Place("two", "Server 2", 1, 1, slots=2),
]
VISITS = [
    Visit(0, "client", 0.0, 0.0, 0.1),
    Visit(0, "one", 0.2, 0.2, 1.0),
    Visit(1, "one", 0.3, 1.0, 1.5, "timeout"),
    Visit(2, "one", 0.4, 1.5, 1.6, "refused"),
    Visit(3, "two", 0.4, 0.4, 2.0),
]
FILM = cut(
    PLACES, [("client", "one"), ("client", "two")], VISITS, "Four requests", signs=[Sign(1.2, "two", "down", "bad")]
)


def film_of(film=FILM, before=""):
    data = f'<script type="application/json">{json.dumps(film.as_json())}</script>'
    return f'{before}<lab-film label="Four requests">{data}</lab-film>'


PAGE = '<script type="module" src="/static/js/elements/lab-film.js"></script>'


@pytest.fixture
def film(page):
    return page.locator("lab-film")


@pytest.fixture
def calm(page):
    """A reader who asked for less motion: nothing moves by itself."""
    page.emulate_media(reduced_motion="reduce")


def at(film):
    return float(film.get_by_label("Time").input_value())


def told(film):
    return film.get_by_role("status").inner_text()


@pytest.mark.usefixtures("calm")
def test_steps_go_from_event_to_event_and_are_told(show, film):
    show(PAGE + film_of())
    step = film.get_by_role("button", name="Step", exact=True)
    moments = []
    for _ in range(5):
        step.click()
        moments.append(at(film))
    assert moments == pytest.approx([0.1, 0.2, 0.3, 0.4, 1.0])
    assert "Request 1 leaves Server 1" in told(film)
    assert "Server 1 1 of 1 busy, 1 in line" in told(film)
    film.get_by_role("button", name="Step back").click()
    assert at(film) == pytest.approx(0.4)
    assert "Server 1 1 of 1 busy, 2 in line; Server 2 1 of 2 busy" in told(film)


@pytest.mark.usefixtures("calm")
def test_the_keyboard_plays_pauses_and_steps(show, page, film):
    show(PAGE + film_of())
    film.locator(".frame").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert at(film) == pytest.approx(0.2)
    page.keyboard.press("ArrowLeft")
    assert at(film) == pytest.approx(0.1)
    page.keyboard.press("Space")
    expect(film.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(film.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.usefixtures("calm")
def test_with_less_motion_it_says_why_it_stands_still(show, page, film):
    show(PAGE + film_of())
    expect(film.locator(".hint")).to_contain_text("does not begin by itself")
    page.wait_for_timeout(300)  # long enough for a film that began
    assert at(film) == 0
    expect(film.get_by_role("button", name="Play")).to_be_visible()


def test_it_begins_in_view_and_only_there(show, page, film):
    show(PAGE + film_of(before="<p>x</p>" * 120))
    page.wait_for_timeout(300)
    assert film.locator(".controls").count() == 0, "what plays it is not even loaded"
    film.scroll_into_view_if_needed()
    page.wait_for_function("() => Number(document.querySelector('lab-film input')?.value) > 0")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("() => document.querySelector('lab-film').getBoundingClientRect().top > innerHeight")
    page.wait_for_timeout(200)
    stood = at(film)
    page.wait_for_timeout(300)
    assert at(film) == stood


def test_it_plays_to_its_end_at_the_speed_that_is_set(show, page, film):
    show(PAGE + film_of())
    speed = film.get_by_label("Speed")
    speed.fill(speed.get_attribute("max"))
    assert speed.get_attribute("aria-valuetext") == "1\u00a0s shows 1\u00a0s"
    expect(film.get_by_role("button", name="Play again")).to_be_visible(timeout=20_000)
    assert at(film) == pytest.approx(2.0)
    assert "Request 4 leaves Server 2" in told(film)


@pytest.mark.usefixtures("calm")
def test_a_sign_is_told_while_it_is_up(show, film):
    show(PAGE + film_of())
    film.get_by_label("Time").fill("1.3")
    film.get_by_label("Time").dispatch_event("change")
    assert "Server 2 (down)" in told(film)


@pytest.mark.usefixtures("calm")
def test_the_legend_names_what_is_to_be_seen_and_nothing_else(show, film):
    show(PAGE + film_of())
    expect(film.locator(".legend li")).to_have_text(
        ["in line", "not answered yet", "being served", "answered", "refused", "timed out"]
    )


@pytest.mark.usefixtures("calm")
def test_a_moment_is_a_picture_of_where_everybody_is(show, page, film):
    """The state that is drawn: pure, so it is asked without a picture."""
    show(PAGE + film_of())
    state = page.evaluate(
        """async () => {
          const { readFilm, stateAt } = await import("/static/js/film/story.js");
          const json = JSON.parse(document.querySelector("lab-film script").textContent);
          const film = readFilm(json);
          const dots = (visits) => visits.map(({ dot }) => dot);
          const seen = (at) => {
            const { lines, inside, underWay, gone } = stateAt(film, at, 0.2);
            const of = (each) => dots(each.map(({ visit }) => visit));
            return [lines.map(dots), inside.map(dots), of(underWay), of(gone)];
          };
          return [seen(0.15), seen(0.5), seen(1.55)];
        }"""
    )
    assert state[0] == [[[], [], []], [[], [], []], [0], []]
    assert state[1] == [[[], [1, 2], []], [[], [0], [3]], [], []]
    assert state[2] == [[[], [], []], [[], [2], [3]], [], [1]]


@pytest.mark.usefixtures("calm")
@pytest.mark.parametrize("width", [390, 1200])
def test_places_stay_on_the_picture(show, page, film, width):
    page.set_viewport_size({"width": width, "height": 844})
    show(PAGE + film_of())
    film.locator(".controls").wait_for()
    boxes = film.evaluate("film => film.player.picture.stage.boxes.map(({ x, y, w, h }) => [x, y, x + w, y + h])")
    size = film.locator("canvas").first.bounding_box()
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= size["width"] + 1
        assert 0 <= top < bottom <= size["height"] + 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.usefixtures("calm")
def test_a_thinned_film_counts_dots_and_says_what_they_stand_for(show, film):
    show(PAGE + film_of(replace(FILM, each=93)))
    film.get_by_label("Time").fill("0.5")
    film.get_by_label("Time").dispatch_event("change")
    assert "Server 1 1 dot ≈ 93 requests being served, 2 dots ≈ 190 requests in line" in told(film)
    assert "busy" not in told(film)
