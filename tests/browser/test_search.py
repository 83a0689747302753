"""Search with the hands on the keyboard, on a phone, when the server is away, and without a line of script."""

import json
import re

import pytest
from playwright.sync_api import expect

LESSON = "/learn/building-blocks/caching/"


@pytest.fixture
def palette(page):
    """The palette, once it is open."""
    return page.get_by_role("dialog", name="Search")


def active(page):
    """Return what the field says is active, as its text."""
    name = page.get_by_role("combobox", name="Search").get_attribute("aria-activedescendant")
    return page.locator(f"#{name}").inner_text() if name else ""


def open_with(page, key, path=LESSON):
    page.goto(path)
    page.keyboard.press(key)
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()


def typed(page, words):
    """Type and wait for the options that answer just these words."""
    page.keyboard.type(words)
    expect(page.get_by_role("option", name=f"All results for “{words}”")).to_be_visible()


@pytest.mark.parametrize("key", ["Control+k", "Meta+k", "/"])
def test_a_key_opens_it_and_escape_gives_the_focus_back(page, palette, key):
    page.goto(LESSON)
    link = page.locator("article a").first
    link.focus()
    page.keyboard.press(key)
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    expect(link).to_be_focused()


def test_a_slash_in_a_field_is_a_slash(page, palette):
    page.goto(LESSON)
    field = page.locator("form.predict [name=guess]").first
    field.focus()
    page.keyboard.press("/")
    expect(field).to_have_value("/")
    expect(palette).to_have_count(0)


def test_the_key_of_one_letter_can_be_turned_off(page, palette):
    open_with(page, "/")
    page.get_by_label("opens this").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(palette).to_be_hidden()
    page.reload()
    page.keyboard.press("/")
    page.keyboard.press("Control+k")
    expect(palette).to_be_visible()


def test_arrows_choose_and_enter_opens(page):
    open_with(page, "Control+k")
    typed(page, "circuit breaker")
    first = active(page)
    assert first
    page.keyboard.press("ArrowDown")
    assert active(page) != first
    page.keyboard.press("Home")
    assert active(page) == first
    page.keyboard.press("End")
    assert active(page).startswith("All results for")
    page.keyboard.press("ArrowDown")
    assert active(page) == first
    page.keyboard.press("ArrowUp")
    assert active(page).startswith("All results for")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=circuit%20breaker$"))


def test_enter_right_after_typing_opens_the_first_answer(page):
    open_with(page, "Control+k", "/labs/")
    page.keyboard.type("cdn")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/labs/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_control_enter_opens_another_tab_and_stays(page, palette):
    open_with(page, "Control+k", "/labs/")
    typed(page, "token bucket")
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    expect(palette).to_be_visible()


def test_it_tells_how_much_it_found_and_what_it_took_the_words_for(page, palette):
    open_with(page, "Control+k")
    typed(page, "cahcing")
    expect(palette).to_contain_text("Showing results for “caching”")
    expect(palette.get_by_role("status")).to_have_text(re.compile(r"^\d+ results$"))
    page.keyboard.press("Control+a")
    page.keyboard.type("xyzzy")
    expect(palette).to_contain_text("Nothing here holds “xyzzy”")
    expect(palette.get_by_role("status")).to_have_text("No results")


def test_an_answer_that_comes_late_is_dropped(page, palette):
    held = []
    page.route(re.compile(r"q=shard&"), lambda route: held.append(route))
    open_with(page, "Control+k")
    with page.expect_request(re.compile(r"q=shard&")):
        page.keyboard.type("shard")
    page.keyboard.press("Control+a")
    typed(page, "retries")
    for route in held:
        route.abort()
    expect(page.get_by_role("option", name="All results for “retries”")).to_be_visible()
    assert "did not answer" not in palette.inner_text()


def test_a_server_that_is_away_is_told_with_a_way_on(page, palette, nothing_amiss):
    page.route(re.compile(r"/search/\?"), lambda route: route.abort())
    open_with(page, "Control+k")
    page.keyboard.type("caching")
    expect(palette).to_contain_text("The search did not answer.")
    expect(palette.get_by_role("link", name="Open the search page")).to_have_attribute("href", "/search/?q=caching")
    nothing_amiss[:] = [words for words in nothing_amiss if "ERR_FAILED" not in words]


def test_what_was_read_lately_is_offered_and_can_be_forgotten(page, palette):
    page.goto("/labs/cdn/")
    open_with(page, "Control+k")
    expect(palette.get_by_role("listbox", name="Read lately").get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    assert active(page)
    page.get_by_role("button", name="Forget").click()
    expect(palette.get_by_role("option")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('visited')") is None


def test_what_lies_in_the_storage_is_text_and_leads_nowhere_else(page, palette):
    page.goto(LESSON)
    bad = [["javascript:alert(1)", "x"], ["//evil.example/", "y"], ["/labs/", "<img src=x onerror=alert(1)>"]]
    page.evaluate("bad => localStorage.setItem('visited', bad)", json.dumps(bad))
    page.keyboard.press("Control+k")
    options = palette.get_by_role("option")
    expect(options).to_have_text(["<img src=x onerror=alert(1)>"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    open_with(page, "Control+k")
    assert axe() == []
    typed(page, "cahcing")
    assert axe() == []
    for path in ("/search/", "/search/?q=cahcing", "/search/?q=xyzzy", f"/search/?q={'x' * 201}"):
        page.goto(path)
        assert axe() == []


def test_a_phone_has_room_for_it(page, palette):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(LESSON)
    assert page.locator(".top").bounding_box()["height"] < 60
    page.get_by_role("link", name="Find").click()
    typed(page, "cahcing")
    box = palette.bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Close").click()
    expect(palette).to_be_hidden()
    page.goto("/search/?q=cache+stampede")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_page_carries_the_listener_only(page):
    files = {}
    page.on("response", lambda response: files.__setitem__(response.url, response))
    page.goto(LESSON)
    page.wait_for_load_state("networkidle")
    ours = [response for url, response in files.items() if "search" in url or "palette" in url]
    assert [response.request.sizes()["responseBodySize"] <= 700 for response in ours] == [True]


def test_an_option_on_the_same_page_closes_it_and_goes_there(page, palette):
    open_with(page, "Control+k")
    typed(page, "stampede")
    page.locator(f"[role=option][href='{LESSON}#the-stampede']").click()
    expect(palette).to_be_hidden()
    expect(page.locator("#the-stampede")).to_be_in_viewport()


class TestWithoutScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False}

    def test_the_link_leads_to_a_page_that_searches(self, page):
        page.goto(LESSON)
        page.get_by_role("link", name="Find").click()
        page.get_by_label("Words, or the beginning of one").fill("cahce stampede")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_text("Showing results for “cache stampede”")).to_be_visible()
        page.locator(f"main a[href='{LESSON}#the-stampede']").click()
        expect(page).to_have_url(re.compile("#the-stampede$"))
