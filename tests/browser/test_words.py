"""Words with a definition: in a text by pointer, keyboard and finger, on their own pages, and without a script."""

import re

import pytest
from playwright.sync_api import expect

LESSON = "/learn/building-blocks/message-queues/"  # it has sequence diagrams, too
PAGES = ["/glossary/", "/concepts/", "/concepts/hit-ratio/", LESSON]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def tip(page):
    return page.locator("#term-tip")


def word(page):
    """Return a marked word that stands in a paragraph, with what its definition says."""
    link = page.locator("article p > a.term").first
    link.scroll_into_view_if_needed()
    return link


def means(page, link):
    """Return the definition as the glossary has it."""
    terms = page.request.get("/glossary/terms.json").json()
    return terms[link.get_attribute("href").partition("#")[2]][1]


def test_the_pointer_brings_a_definition_that_stays_while_it_is_read_and_leaves_on_esc(page, tip):
    page.goto(LESSON)
    link = word(page)
    link.hover()
    expect(tip).to_contain_text(means(page, link))
    tip.hover()
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    link.hover()
    expect(tip).to_be_visible()
    page.mouse.move(0, 0)
    expect(tip).to_be_hidden()


def test_the_keyboard_brings_it_too_and_readers_of_the_screen_are_told(page, axe, tip):
    page.goto(LESSON)
    link = word(page)
    link.focus()
    expect(tip).to_contain_text(means(page, link))
    expect(link).to_have_attribute("aria-describedby", "term-tip")
    assert axe() == []
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/glossary/#"))


def test_the_first_tap_shows_and_the_second_one_follows(browser, site):
    context = browser.new_context(base_url=site.url, viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(LESSON)
    link, tip = word(page), page.locator("#term-tip")
    link.tap()
    expect(tip).to_contain_text(means(page, link))
    box = tip.bounding_box()
    assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]
    page.locator("h2").first.tap()
    expect(tip).to_be_hidden()
    link.tap()
    expect(tip).to_be_visible()
    link.tap()
    expect(page).to_have_url(re.compile("/glossary/#"))
    context.close()


def test_without_definitions_the_second_tap_follows_all_the_same(browser, site):
    context = browser.new_context(base_url=site.url, viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.route("**/terms.json", lambda route: route.abort())
    page.goto(LESSON)
    link = word(page)
    with page.expect_event("requestfailed"):
        link.tap()
    link.tap()
    expect(page).to_have_url(re.compile("/glossary/#"))
    context.close()


def test_the_glossary_leaves_what_is_typed(page):
    page.goto("/glossary/")
    page.get_by_label("Filter").fill("hit rat")
    expect(page.locator(".letter dt:visible")).to_contain_text(["hit ratio"])
    expect(page.locator("term-filter output")).to_have_text(re.compile(r"^\d+ found$"))
    page.get_by_label("Filter").fill("zzzz")
    expect(page.locator(".letter:visible")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page, axe, scheme, path):
    page.emulate_media(color_scheme=scheme)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert axe() == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_the_whole_width_and_whole_sequences(page, path):
    page.set_viewport_size(PHONE)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for drawn in page.locator(".scroll:has(svg.sequence)").all():
        assert drawn.evaluate("part => part.scrollWidth <= part.clientWidth")


def test_without_a_script_a_word_is_a_link_to_its_definition(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(LESSON)
    expect(page.locator("svg.sequence[role=img]").last).to_be_visible()
    link = word(page)
    slug = link.get_attribute("href").partition("#")[2]
    link.click()
    expect(page.locator(f"#{slug} dd")).to_be_in_viewport()
    page.locator(f"#{slug}").get_by_role("link", name="All on this concept").click()
    expect(page.get_by_role("heading", name="Lesson", exact=False).first).to_be_visible()
    context.close()
