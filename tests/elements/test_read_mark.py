"""Is the end of a lesson sent when it was reached, once, and said if it was not kept?"""

import pytest
from playwright.sync_api import expect

PAGE = """
<script type="module" src="/static/js/elements/read-mark.js"></script>
<div class="parts"><ol><li class="on"><a href="/learn/a/b/">B</a></li></ol></div>
TALL<read-mark minutes="1">
<form class="read" method="post" action="/kept" hx-post="/kept" hx-swap="outerHTML" data-open>
<input type="hidden" name="key" value="k"><button name="read" value="yes">Mark as read</button></form></read-mark>"""
KEPT = '<form class="read" method="post" action="/kept" data-read>You have read this lesson.</form>'


@pytest.fixture
def reading(page, show, stage):
    """A function that opens a lesson of one minute, its end below `above`."""

    def open_page(above=""):
        stage.answer = KEPT
        page.clock.install()
        show(PAGE.replace("TALL", above))
        expect(page.locator("read-mark")).to_have_js_property("seconds", 0)
        return page

    return open_page


def test_the_end_is_sent_once_after_a_quarter_of_the_reading_time(reading, stage):
    page = reading()
    page.clock.run_for(10_000)
    assert stage.posted == []
    page.clock.run_for(60_000)
    expect(page.get_by_text("You have read this lesson")).to_be_visible()
    expect(page.locator(".on")).to_have_class("on read")
    page.clock.run_for(120_000)
    assert stage.posted == ["key=k"]


def test_an_end_that_never_came_into_view_is_not_sent(reading, stage):
    page = reading('<p class="lede">Text.</p>' * 60)
    page.clock.run_for(120_000)
    assert stage.posted == []
    page.locator("read-mark").scroll_into_view_if_needed()
    expect(page.locator("read-mark")).to_have_js_property("inView", True)
    page.clock.run_for(2_000)
    expect(page.get_by_text("You have read this lesson")).to_be_visible()


def test_what_was_not_kept_is_said_and_tried_again(reading, page, stage):
    page.route("**/kept", lambda route: route.abort(), times=1)
    reading()
    page.clock.run_for(20_000)
    expect(page.get_by_text("Not kept yet")).to_be_visible()
    assert stage.posted == []
    page.clock.run_for(40_000)
    expect(page.get_by_text("You have read this lesson")).to_be_visible()
    expect(page.get_by_text("Not kept yet")).to_have_count(0)
    assert stage.posted == ["key=k"]


def test_who_never_had_a_form_is_not_asked_for(reading, stage):
    asked = []
    page = reading()
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(page.locator("read-mark")).to_have_js_property("seconds", 0)
    assert not [url for url in asked if url.endswith("/learn/read/")]
