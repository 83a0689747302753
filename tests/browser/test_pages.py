"""Every page: nothing that axe finds, nothing wider than a phone, light and dark."""

import pytest
from playwright.sync_api import expect

PAGES = [
    "/",
    "/about/",
    "/learn/",
    "/learn/building-blocks/",
    "/learn/building-blocks/caching/",
    "/labs/",
    "/labs/caching/",
    "/labs/rate-limiting/",
    "/labs/rate-limiting/?preset=sliding-log",
    "/labs/replication-lag/",
    "/learn/building-blocks/caching/quiz/",
    "/learn/no-such-track/",
]
UNKNOWN = "/learn/building-blocks/cashing/"


@pytest.fixture(params=["light", "dark"])
def scheme(request, page):
    page.emulate_media(color_scheme=request.param)
    return request.param


def settle(page):
    """Wait for what a page loads after its first paint."""
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page, axe, scheme, path):
    page.goto(path)
    settle(page)
    assert axe() == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_the_whole_width(page, path):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_axe_finds_nothing_on_a_run_while_it_goes_and_when_it_has_ended(page, axe, scheme):
    page.goto("/labs/caching/")
    page.locator("[name=duration_s]").fill("5")
    page.get_by_role("button", name="Skip the guess and run").click()
    expect(page.locator("lab-chart .js-plotly-plot").first).to_be_visible(timeout=60_000)
    assert axe() == []
    expect(page.locator("[data-finding]")).to_be_visible(timeout=120_000)
    settle(page)
    assert axe() == []


def test_a_wrong_form_is_accessible_too(page, axe):
    page.goto("/labs/caching/")
    page.locator("[name=alpha]").fill("9")
    page.get_by_role("button", name="Skip the guess and run").click()
    expect(page.locator("knob-field .error").first).to_be_visible()
    assert axe() == []


def test_an_unknown_page_says_so_and_helps(page):
    answer = page.goto(UNKNOWN)
    assert answer.status == 404
    expect(page.locator("main a[href='/learn/building-blocks/caching/']").first).to_be_visible()


def test_the_first_tab_leads_past_the_navigation(page):
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")


def test_a_lesson_weighs_little(page):
    sizes = {}
    page.on("response", lambda response: sizes.__setitem__(response.url, response))
    page.goto("/learn/building-blocks/caching/")
    settle(page)
    light = [r for url, r in sizes.items() if not url.endswith(".woff2") and "plotly" not in url]
    weights = {response.url: response.request.sizes()["responseBodySize"] for response in light}
    scripts = sum(size for url, size in weights.items() if url.endswith(".js"))
    assert sum(weights.values()) <= 60 * 1024, weights
    assert scripts <= 25 * 1024, weights
