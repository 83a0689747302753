"""Does one find one's way through a track, with and without script, and is what was read marked?"""

import pytest
from playwright.sync_api import expect

LESSON = "/learn/building-blocks/caching/"
TRACK = "/learn/building-blocks/"
PAGES = ["/learn/", TRACK, "/learn/backend-design/", LESSON, f"{LESSON}read/", f"{TRACK}book/"]


@pytest.fixture
def without_script(new_context):
    context = new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/learn/backend-design/", f"{LESSON}read/", "/learn/production/book/"])
def test_axe_finds_nothing(page, axe, scheme, path):
    page.emulate_media(color_scheme=scheme)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert axe() == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_the_whole_width(page, path):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_script_one_gets_from_lesson_to_lesson(without_script, site):
    page = without_script
    page.goto("/learn/")
    page.get_by_role("link", name="Building blocks", exact=True).click()
    page.get_by_role("link", name="Start with part 1").click()
    page.locator(".onward [rel=next]").click()
    expect(page.locator(".kicker")).to_contain_text("Part 2 of")
    page.get_by_label("Where you are").get_by_role("link", name="Building blocks").click()
    expect(page).to_have_url(site.url + TRACK)


def test_without_script_a_lesson_is_marked_by_its_form_and_shown_in_the_lists(without_script):
    page = without_script
    page.goto(LESSON)
    page.get_by_role("button", name="Mark as read").click()
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("You have read this lesson")).to_be_visible()
    page.goto(TRACK)
    expect(page.get_by_text("✓ read")).to_have_count(1)
    expect(page.get_by_role("link", name="Start with part")).to_have_count(0)
    page.goto(f"{LESSON}read/")
    page.get_by_role("button", name="Not read after all").click()
    page.goto(TRACK)
    expect(page.get_by_text("✓ read")).to_have_count(0)


def test_without_script_the_lists_of_a_phone_open(without_script):
    page = without_script
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(LESSON)
    other = page.locator(".parts").get_by_role("link", name="Sharding")
    expect(other).to_be_hidden()
    page.locator(".parts summary").click()
    other.click()
    expect(page.locator(".parts [aria-current]")).to_have_text("Sharding")


def test_reading_to_the_end_marks_a_lesson_but_looking_does_not(page):
    page.clock.install()
    page.goto(LESSON)
    end = page.locator("read-mark")
    end.scroll_into_view_if_needed()
    expect(end.locator("[data-open]")).to_be_visible()
    quarter_s = int(end.get_attribute("minutes")) * 15
    page.clock.run_for((quarter_s - 20) * 1000)
    expect(end.get_by_role("button", name="Mark as read")).to_be_visible()
    expect(page.locator(".parts .read")).to_have_count(0)
    page.clock.run_for(25_000)
    expect(end.get_by_text("You have read this lesson")).to_be_visible()
    expect(page.locator(".parts .on")).to_have_class("on read")
    page.goto("/learn/building-blocks/sharding/")
    expect(page.locator(".parts .read a")).to_have_text("Caching")
    page.goto(TRACK)
    expect(page.get_by_text("✓ read")).to_have_count(1)


def test_a_mark_is_taken_back_and_the_keyboard_keeps_its_place(page):
    page.goto(LESSON)
    end = page.locator("read-mark")
    end.scroll_into_view_if_needed()
    expect(end.locator("[method=post]")).to_be_visible()
    end.get_by_role("button", name="Mark as read").press("Enter")
    expect(end.get_by_role("button", name="Not read after all")).to_be_focused()
    page.keyboard.press("Enter")
    expect(end.get_by_role("button", name="Mark as read")).to_be_focused()
    expect(page.locator(".parts .on")).to_have_class("on")


def test_the_contents_beside_the_text_mark_the_section_that_is_read(page):
    page.goto(f"{LESSON}#failure-modes")
    current = page.locator(".contents [aria-current=location]")
    expect(current).to_have_text("Failure modes")
    page.keyboard.press("End")
    expect(current).to_have_text("Next")
    expect(current).to_be_in_viewport()
    page.keyboard.press("Home")
    expect(current).to_have_count(0)


def test_a_link_of_the_contents_in_focus_is_not_hidden_by_a_lab(page):
    page.goto(LESSON)
    page.wait_for_load_state("networkidle")
    lab = page.locator(".page > .flow > .lab").first
    lab.evaluate("lab => scrollTo({top: lab.getBoundingClientRect().top + scrollY, behavior: 'instant'})")
    link = page.locator(".contents a").first
    on_top = """link => {
      const {x, y, width, height} = link.getBoundingClientRect();
      return link.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }"""
    assert not link.evaluate(on_top), "the lab passes over the list"
    link.focus()
    assert link.evaluate(on_top)


def test_a_lesson_on_paper_has_its_text_and_no_controls(page):
    page.goto(LESSON)
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print")
    for gone in (".top", ".side", ".onward", ".read", ".tabbed-labels", ".quiz details", ".site-foot"):
        expect(page.locator(gone).first).to_be_hidden()
    for block in page.locator(".tabbed-block").all():
        expect(block).to_be_visible()
    expect(page.locator(".asked, .quiz legend").first).to_be_visible()
    link = page.locator(".sources a[href^=https]").first
    written = link.evaluate("link => getComputedStyle(link, '::after').content")
    assert link.get_attribute("href") in written
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 33, 37)"


def test_a_book_is_read_without_any_request(page, site):
    page.goto(f"{TRACK}book/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(page.content())
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith("data:")] == []
    page.get_by_label("Contents").get_by_role("link").nth(1).click()
    expect(page.locator("article").nth(1)).to_be_in_viewport()
