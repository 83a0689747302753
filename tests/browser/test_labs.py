"""Each lab is bet on, run, and explained; its settings say what they do, and when they do nothing."""

import pytest
from playwright.sync_api import expect

LABS = {
    "rate-limiting": ("window-boundary", {"duration_s": "3"}, ("150", "100", "200")),
    "replication-lag": ("half-a-tenth", {"duration_s": "4"}, ("20", "5", "60")),
    "caching": ("small-cache", {"duration_s": "4", "objects": "2000"}, ("75", "60", "85")),
}


def fill(page, settings):
    for name, setting in settings.items():
        page.locator(f".lab [name={name}]").fill(setting)


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_is_bet_on_run_and_explained(page, axe, lab):
    preset, settings, (guess, low, high) = LABS[lab]
    page.goto(f"/labs/{lab}/?preset={preset}&new=1")
    fill(page, {**settings, "guess": guess, "guess_low": low, "guess_high": high})
    page.get_by_role("button", name="Bet and run").click()
    expect(page.locator("[data-finding]")).to_be_visible(timeout=120_000)
    expect(page.locator(".verdict")).to_contain_text("80\u00a0% range")
    expect(page.locator(".figures .g")).to_contain_text(guess)
    expect(page.locator("figure.plot figcaption").first).to_contain_text("measured")
    expect(page.locator("figure.plot figcaption").first).to_contain_text("seed")
    why = page.get_by_role("region", name="Why did that come out?")
    why.get_by_role("button").first.click()
    expect(why.locator(".reply")).to_be_visible()
    expect(why.get_by_role("button").first).to_be_focused()
    assert axe() == []


def test_a_setting_without_effect_says_so_from_the_server_and_at_once(page):
    page.goto("/labs/rate-limiting/?preset=window-boundary&new=1")
    late = page.locator("knob-field", has=page.locator("[name=event_at_s]"))
    expect(late.locator(".why-idle")).to_contain_text("No effect while Event is")
    page.locator("[name=event]").select_option("redis-down")
    expect(late.locator(".why-idle")).to_be_hidden()


def test_one_delay_for_each_link_is_typed_as_text(page):
    page.goto("/labs/replication-lag/?preset=two-of-three&new=1")
    delays = page.locator(".lab [name=link_delay_ms]")
    expect(delays).to_have_value("10 50 200")
    delays.fill("5 x")
    page.get_by_role("button", name="Skip the guess and run").click()
    knob = page.locator("knob-field", has=page.locator("[name=link_delay_ms]"))
    expect(knob.locator(".error")).to_contain_text("several with a space between")
    expect(delays).to_have_value("5 x")


def test_on_a_phone_the_settings_are_folded_below_the_bet(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/labs/replication-lag/")
    bet = page.get_by_role("button", name="Bet and run")
    group = page.locator("details.group").first
    assert bet.bounding_box()["y"] < group.bounding_box()["y"]
    expect(page.locator("[name=routing]")).to_be_hidden()
    page.locator("details.group summary").first.click()
    assert group.get_attribute("open") is not None
