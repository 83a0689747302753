"""The main job: read a lesson, commit to a number, watch a real experiment answer it."""

import re

import pytest
from playwright.sync_api import expect

from tests.site import until

LESSON = "/learn/building-blocks/caching/"
QUICK = {"duration_s": "6", "objects": "2000", "offered_rps": "300"}


def bet(page, value="75", low="60", high="85", **settings):
    """Fill in the lab's form and press the button."""
    for name, setting in {**QUICK, **settings}.items():
        field = page.locator(f".lab [name={name}]")
        field.select_option(setting) if field.evaluate("field => field.tagName") == "SELECT" else field.fill(setting)
    page.locator(".lab [name=guess]").fill(value)
    page.locator(".lab [name=guess_low]").fill(low)
    page.locator(".lab [name=guess_high]").fill(high)
    page.get_by_role("button", name="Bet and run").last.click()


def run_address(page):
    """Return the address of the run in the panel."""
    return page.locator("lab-run").get_attribute("panel")


def expect_result(page):
    expect(page.locator("[data-finding]")).to_be_visible(timeout=120_000)
    expect(page.locator(".figures")).to_contain_text("Hit ratio")


def drawn_points(page):
    """Return how many points the first chart has drawn."""
    return page.locator("lab-chart .js-plotly-plot").first.evaluate("plot => plot.data[0].x.length")


def test_a_learner_reads_predicts_runs_and_sees_the_answer(page):
    page.goto(LESSON)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    card = page.locator("bet-form").first
    card.locator("[name=guess]").fill("75")
    card.locator("[name=guess_low]").fill("60")
    card.locator("[name=guess_high]").fill("85")
    card.get_by_role("button", name="Bet and run").click()
    expect(page.locator("lab-run")).to_be_visible()
    expect(page.locator("lab-run")).to_contain_text("75")
    expect(page.locator("[data-finding]")).to_be_visible(timeout=120_000)
    expect(page.locator(".figures .g")).to_contain_text("75")
    expect(page.locator(".figures .t")).to_contain_text("Theory")
    expect(page.locator(".lab .where")).to_have_text(re.compile(r"(Redis|Valkey) [\d.]+ in front of PostgreSQL [\d.]+"))
    expect(page).to_have_url(re.compile(LESSON))


def test_points_arrive_live_and_a_reload_in_the_middle_loses_none(page):
    page.goto("/labs/caching/")
    bet(page, duration_s="8")
    first = page.locator("lab-chart .js-plotly-plot").first
    expect(first).to_be_visible(timeout=30_000)
    expect(page.locator("lab-run")).to_have_attribute("state", "running", timeout=30_000)
    seen = drawn_points(page)
    until(lambda: drawn_points(page) > seen, within_s=90, what="the line grows while the run goes on")
    page.reload()  # of the lab's page, not of the run's: it finds the run again
    expect(first).to_be_visible(timeout=30_000)
    expect_result(page)
    drawn = page.locator("lab-chart .js-plotly-plot").first
    expect(drawn).to_be_visible()
    start = drawn.evaluate("plot => plot.data[0].x[0]")
    assert start < 1.5, "the chart begins where the run began, not where the page was reloaded"
    assert drawn_points(page) >= 12


def test_a_second_tab_sees_the_same_run_end(page, browser, site):
    page.goto("/labs/caching/")
    bet(page)
    address = run_address(page)
    other = browser.new_context(base_url=site.url).new_page()
    other.goto(address)
    expect(other.get_by_role("button", name="Stop")).to_have_count(0)
    expect_result(other)
    expect_result(page)
    assert other.locator("[data-finding]").inner_text() == page.locator("[data-finding]").inner_text()
    other.context.close()


def test_a_run_stops_when_told(page):
    page.goto("/labs/caching/")
    bet(page, duration_s="60")
    expect(page.locator("lab-chart .js-plotly-plot").first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".notice.stopped")).to_contain_text("You stopped it", timeout=10_000)
    expect(page.get_by_role("button", name="Bet and run")).to_be_visible()


def test_a_double_click_starts_one_run(page):
    page.goto("/labs/caching/")
    posted = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    for name in ["guess", "guess_low", "guess_high"]:
        page.locator(f".lab [name={name}]").fill("50")
    page.locator(".lab [name=duration_s]").fill("2")
    page.get_by_role("button", name="Bet and run").dblclick()
    expect_result(page)
    assert len([url for url in posted if url.endswith("/runs/")]) == 1


@pytest.mark.parametrize(
    ("name", "typed", "said"), [("alpha", "9", "from 0 to 1.5"), ("objects", "few", "Not a number")]
)
def test_a_wrong_setting_is_explained_beside_it_and_nothing_is_lost(page, name, typed, said):
    page.goto("/labs/caching/")
    bet(page, value="42", low="40", high="44", **{name: typed})
    knob = page.locator("knob-field", has=page.locator(f"[name={name}]"))
    expect(knob.locator(".error")).to_contain_text(said)
    expect(page.locator(f".lab [name={name}]")).to_have_value(typed)
    expect(page.locator(".lab [name=guess]")).to_have_value("42")


def test_a_bet_without_a_number_is_asked_for(page):
    page.goto("/labs/caching/")
    page.get_by_role("button", name="Bet and run").click()
    expect(page.locator("#error_guess")).to_contain_text("Type your guess, or skip it.")


def test_data_passport_and_permalink_are_there(page):
    page.goto("/labs/caching/")
    bet(page)
    expect_result(page)
    page.get_by_text("Show data").click()
    expect(page.locator(".foot table").first).to_be_visible()
    page.get_by_text("Passport of this run").click()
    expect(page.locator(".foot .passport")).to_contain_text("Seed")
    expect(page.get_by_role("link", name="Permalink")).to_have_attribute("href", re.compile(r"/runs/[\w-]{16}/"))


def test_the_finding_is_in_view_when_a_watched_run_ends(page):
    page.set_viewport_size({"width": 1000, "height": 500})
    page.goto(LESSON)
    page.locator(".lab [name=duration_s]").fill("3")
    page.locator(".lab").get_by_role("button", name="Skip the guess and run").click()
    page.locator("lab-chart").nth(2).scroll_into_view_if_needed()
    expect(page.locator(".lab > header")).not_to_be_in_viewport()
    expect(page.locator("[data-finding]")).to_be_in_viewport(timeout=120_000)


def test_what_is_set_for_the_next_run_while_one_goes_on_is_kept(page):
    page.goto("/labs/caching/")
    bet(page, duration_s="3")
    expect(page.locator("lab-run")).to_be_visible()
    page.locator(".lab [name=alpha]").fill("1.2")
    expect_result(page)
    expect(page.locator(".knobs [name=alpha]")).to_have_value("1.2")
