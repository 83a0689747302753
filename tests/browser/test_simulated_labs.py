"""Each simulated lab is bet on, run and watched; a challenge is tried; a phone at night shows the same."""

import pytest
from playwright.sync_api import expect

from apps.experiments.registry import experiments

LABS = {slug: lab for slug, lab in experiments().items() if lab.kind == "simulated"}
PATIENT_MS = 150_000  # a first run compiles what it needs


def single(lab):
    """Return the first question of a lab whose answer is a number, not a curve."""
    return next(name for name, preset in lab.presets.items() if not preset.sweep)


def start(page, slug):
    """Bet on the first question of a lab that asks for a number, and wait for the result."""
    lab = LABS[slug]
    predict = lab.presets[single(lab)].predict
    page.goto(f"/labs/{slug}/?preset={single(lab)}&new=1")
    factor = 100 if lab.figures[predict.figure].unit == "%" else 1
    bet = {"guess": predict.high / 2 + predict.low / 2, "guess_low": predict.low, "guess_high": predict.high}
    for name, value in bet.items():
        page.locator(f".lab [name={name}]").fill(f"{value * factor:.10g}")
    page.get_by_role("button", name="Bet and run").click()
    expect(page.locator("[data-finding]")).to_be_visible(timeout=PATIENT_MS)


def film_of(page):
    """Return the film of the page, loaded and still."""
    film = page.locator("lab-film")
    film.scroll_into_view_if_needed()
    expect(film.locator(".controls")).to_be_visible(timeout=20_000)
    if film.get_by_role("button", name="Pause").count():
        film.get_by_role("button", name="Pause").click()
    return film


def moment(film):
    """Return where the film stands (seconds of the run)."""
    return float(film.get_by_label("Time").input_value())


@pytest.mark.parametrize("slug", LABS)
def test_a_lab_is_bet_on_run_and_watched(page, axe, slug):
    page.emulate_media(reduced_motion="reduce")
    start(page, slug)
    expect(page.locator(".verdict")).to_contain_text("80\u00a0% range")
    expect(page.locator("figure.film figcaption")).to_contain_text("simulated")
    film = film_of(page)
    began = moment(film)
    film.get_by_role("button", name="Step", exact=True).click()
    expect(film.get_by_role("status")).not_to_be_empty()
    assert moment(film) >= began
    assert axe() == []


def test_a_film_plays_pauses_and_steps_by_keyboard(page):
    start(page, "queueing")
    film = film_of(page)
    frame = film.locator(".frame")
    frame.focus()
    paused = moment(film)
    page.keyboard.press("Space")
    expect(film.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_function("before => Number(document.querySelector('lab-film input').value) > before", arg=paused)
    page.keyboard.press("Space")
    expect(film.get_by_role("button", name="Play", exact=True)).to_be_visible()
    stood = moment(film)
    page.keyboard.press("ArrowRight")
    assert moment(film) > stood
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert moment(film) <= stood
    expect(film.get_by_role("status")).to_contain_text("Server")


def test_a_challenge_is_lost_and_won_and_both_tries_are_kept(page, axe):
    slug = "load-balancing" if "load-balancing" in LABS else next(s for s, lab in LABS.items() if lab.challenges)
    name, challenge = next(iter(LABS[slug].challenges.items()))
    page.goto(f"/labs/{slug}/")
    page.locator(f"#challenge-{name}").get_by_role("link", name="Try it").click()
    for choice, said, button in [
        (challenge.naive, "Lost", "Run this try"),
        (challenge.solution, "Won", "Try again"),
    ]:
        set_knobs(page, choice)
        page.get_by_role("button", name=button).click()
        expect(page.locator(".tried .result")).to_contain_text(said, timeout=PATIENT_MS)
    expect(page.locator(".tried .idea")).to_contain_text(challenge.idea[:40])
    expect(page.locator(".lab table.tries tbody tr")).to_have_count(2)
    assert axe() == []


def set_knobs(page, choice):
    """Set free settings; those that are fixed have no control."""
    for name, value in choice.items():
        field = page.locator(f".lab .knob [name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(str(value))
        else:
            field.fill(f"{value:g}" if isinstance(value, float) else str(value))


def test_on_a_phone_at_night_a_run_and_its_film_fit(page, axe):
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    start(page, "queueing")
    film = film_of(page)
    expect(film.locator(".hint")).to_contain_text("less motion")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for button in film.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44
    assert axe() == []
