"""A curve is sketched, swept and judged; runs are repeated, compared and forked."""

import re

import pytest
from playwright.sync_api import expect

from tests.site import until

SWEPT = "/labs/rate-limiting/?preset=sliding-log&new=1"  # on a simulated clock: each run takes a second


def draw(page, first=0.2, last=0.9):
    """Draw a straight line over the sheet in one stroke, from a height to a height (shares of the sheet)."""
    ground = page.locator("curve-sketch .ground")
    ground.scroll_into_view_if_needed()
    box = ground.bounding_box()
    page.mouse.move(box["x"] + 3, box["y"] + box["height"] * (1 - first))
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] * (1 - last), steps=30)
    page.mouse.up()


def expect_study_over(page):
    """Wait until the study in the panel has ended."""
    expect(page.locator(".study [data-finding]")).to_be_visible(timeout=60_000)
    expect(page.locator(".study:not([hx-get])")).to_be_visible(timeout=240_000)


def expect_to_fit_a_phone(page):
    """Wait until everything has moved together, charts too."""
    page.set_viewport_size({"width": 390, "height": 844})
    fits = "document.documentElement.scrollWidth <= 390"
    until(lambda: page.evaluate(fits), within_s=5, what="the page fits a phone")


def points(page):
    """Return how many points the first line of the study's chart has."""
    return page.locator("lab-chart .js-plotly-plot").first.evaluate("plot => plot.data[0].x.length")


def run_once(page, **settings):
    """Carry out one run on a simulated clock and return its address."""
    page.goto("/labs/rate-limiting/?preset=token-bucket&new=1&clock=virtual&duration_s=2")
    for name, setting in settings.items():
        page.locator(f".lab [name={name}]").fill(setting)
    page.get_by_role("button", name="Skip the guess and run").click()
    expect(page.locator("[data-finding]")).to_be_visible(timeout=120_000)
    return page.get_by_role("link", name="Permalink").get_attribute("href")


def test_a_curve_drawn_by_mouse_is_swept_through_a_reload_and_judged(page, axe):
    page.goto(SWEPT)
    draw(page)
    page.get_by_label("80 % sure it is within").fill("2000")
    page.get_by_role("button", name="Bet and run").click()
    expect(page.locator("#study-status")).to_contain_text("of 7 runs")
    assert axe() == []
    page.goto("/labs/rate-limiting/")  # the page of the lab finds the study again
    expect(page).to_have_url(re.compile(r"/studies/[\w-]{16}/"))
    expect_study_over(page)
    assert points(page) == 7
    expect(page.locator(".verdict")).to_contain_text("of 7 results")
    expect(page.locator("#study-table .guess td")).to_have_count(7)
    expect(page.locator("#study-table .runs a")).to_have_count(7)
    assert axe() == []
    expect_to_fit_a_phone(page)


def test_a_curve_set_by_keyboard_is_swept_and_explained_where_it_stands(page):
    page.goto("/labs/rate-limiting/?preset=local-counters&new=1")
    sliders = page.get_by_role("slider", name=re.compile(" at "))
    for number in range(6):
        sliders.nth(number).focus()
        for _ in range(number + 1):
            page.keyboard.press("PageDown")
    values = [field.input_value() for field in page.locator("[data-x]").all()]
    assert all(values)
    page.get_by_label("80 % sure it is within").fill("50")
    page.get_by_role("button", name="Bet and run").press("Enter")
    expect_study_over(page)
    expect(page).to_have_url(re.compile("/labs/rate-limiting/"))
    first_run = page.locator("#study-table .runs a").first
    assert re.fullmatch(r"/runs/[\w-]{16}/", first_run.get_attribute("href"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as PNG").click(force=True)
    assert download.value.suggested_filename == "rate-limiting-study-1.png"


def test_the_keyboard_and_the_place_on_the_page_stay_while_points_arrive(page):
    page.goto("/labs/rate-limiting/?preset=naive-counter&new=1&duration_s=2")
    page.get_by_role("button", name="Skip the guess and run").click()
    link = page.get_by_role("link", name="Download CSV")
    link.focus()
    page.locator("lab-chart .js-plotly-plot").first.evaluate("plot => (window.kept = plot)")
    expect(page.locator("#study-status .note")).to_contain_text("1 of 6", timeout=120_000)
    expect(link).to_be_focused()
    assert page.locator("lab-chart .js-plotly-plot").first.evaluate("plot => plot === window.kept")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".notice.stopped")).to_contain_text("this is what they came to", timeout=60_000)


def test_a_sketch_that_is_not_whole_is_asked_for_and_nothing_is_lost(page):
    page.goto(SWEPT)
    page.locator("[name=curve_2]").fill("900")
    page.get_by_role("button", name="Bet and run").click()
    expect(page.locator("#error_guess")).to_contain_text("Draw your whole curve")
    expect(page.locator("[name=curve_2]")).to_have_value("900")
    expect(page.locator("curve-sketch .point:not(.unset)")).to_have_count(1)


def test_two_runs_stand_side_by_side(page, axe):
    run_once(page, limit="50")
    run_once(page, limit="200")
    page.get_by_text("Compare with…").click()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".compare .key li")).to_have_count(2)
    expect(page.locator(".compare .key")).to_contain_text("Limit 200")
    first = page.locator("lab-chart .js-plotly-plot").first
    expect(first).to_be_visible(timeout=30_000)
    drawn = first.evaluate("plot => plot.data.slice(0, 2).map(trace => [trace.name, trace.line.dash])")
    assert drawn == [["A", "solid"], ["B", "dot"]]
    expect(page.get_by_role("table", name="What was set otherwise")).to_contain_text("Limit")
    assert axe() == []
    expect_to_fit_a_phone(page)


def test_somebody_elses_run_is_changed_and_run_again(page, browser, site):
    address = run_once(page, limit="70")
    other = browser.new_context(base_url=site.url).new_page()
    other.goto(address)
    other.get_by_role("link", name="Change and run again").click()
    expect(other.locator(".forked")).to_contain_text(address.strip("/").split("/")[-1])
    expect(other.locator(".lab [name=limit]")).to_have_value("70")
    expect(other.get_by_role("button", name="Bet and run")).to_be_visible()
    other.context.close()


def test_a_run_is_repeated_with_other_seeds(page):
    run_once(page)
    page.get_by_role("button", name="Repeat with 5 seeds").click()
    expect_study_over(page)
    expect(page.locator("#study-table .runs a")).to_have_count(5)
    expect(page.locator("figure.plot").first).to_contain_text("5th to 95th percentile")


@pytest.mark.parametrize("values", ["10 100 1000"])
def test_any_setting_can_be_swept_after_a_run_and_is_sketched_first(page, values):
    run_once(page)
    page.get_by_text("Sweep a setting").click()
    page.locator("sweep-values select").select_option("limit")
    page.locator("sweep-values input").fill(values)
    page.get_by_role("button", name="Sketch the curve first").click()
    expect(page.locator("curve-sketch [data-x]")).to_have_count(3)
    expect(page.locator(".forked")).to_contain_text("the sweep sets Limit")
