"""A lesson is read and a lab is run without a line of script."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "java_script_enabled": False}


def test_a_lesson_reads_whole(page):
    page.goto("/learn/building-blocks/caching/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("math").first).to_be_visible()
    expect(page.locator("svg[role=img]").first).to_be_visible()


def test_the_bet_of_a_lesson_leads_to_the_lab_with_what_was_typed(page):
    page.goto("/learn/building-blocks/caching/")
    page.locator("form.predict [name=guess]").first.fill("66")
    page.locator("form.predict").first.get_by_role("button", name="Bet").click()
    expect(page).to_have_url(re.compile("/labs/caching/"))
    expect(page.locator(".lab [name=guess]")).to_have_value("66")


def test_a_lab_runs_by_plain_forms(page):
    page.goto("/labs/caching/")
    page.locator("[name=duration_s]").fill("2")
    page.get_by_role("button", name="Skip the guess and run").click()
    expect(page.get_by_text("Reload to see how it goes")).to_be_visible()
    for _ in range(60):
        if page.locator("[data-finding]").count():
            break
        page.wait_for_timeout(500)  # a reader without script reloads by hand
        page.reload()
    expect(page.locator("[data-finding]")).to_be_visible()
    page.get_by_text("Show data").click()
    expect(page.locator(".foot table").first).to_be_visible()


def test_a_curve_is_bet_on_by_numbers(page):
    page.goto("/labs/rate-limiting/?preset=sliding-log&new=1")
    for number, value in enumerate([100, 500, 1000, 2000, 4000, 7000, 10000]):
        page.locator(f"[name=curve_{number}]").fill(str(value))
    page.locator("[name=within]").fill("500")
    page.get_by_role("button", name="Bet and run").click()
    expect(page).to_have_url(re.compile(r"/studies/[\w-]{16}/"))
    expect(page.get_by_text("Reload to see how it goes")).to_be_visible()
    for _ in range(300):
        if page.locator(".verdict").count():
            break
        page.wait_for_timeout(500)  # a reader without script reloads by hand
        page.reload()
    expect(page.locator(".verdict")).to_contain_text("of 7 results")
    page.locator("[name=cause]").first.click()
    expect(page.locator(".why .reply")).to_be_visible()
