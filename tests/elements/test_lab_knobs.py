"""A setting that does nothing says so, at once; groups of settings fold on a phone."""

import pytest
from playwright.sync_api import expect

KNOBS = """
<link rel="stylesheet" href="/static/css/components/knobs.css">
<section data-panel id="lab-caching"><form><lab-knobs class="knobs">
  <details class="group" open data-group="Event"><summary>Event <span data-changed></span></summary>
    <knob-field class="knob" data-default="none"><label for="e">Event</label>
      <select id="e" name="event"><option value="none" data-help="All is calm.">Nothing happens</option>
      <option value="flush" data-help="All entries go.">Flush</option></select>
      <small class="chosen"></small></knob-field>
    <knob-field class="knob idle" data-default="10" data-applies='{"event": ["flush"]}'>
      <label for="at">Event after</label>
      <span class="value"><input id="at" name="event_at_s" value="10"> <span>s</span></span>
      <small class="why-idle">No effect while Event is Nothing happens</small></knob-field>
  </details>
  <details class="group" open data-group="Load"><summary>Load <span data-changed></span></summary>
    <knob-field class="knob" data-default="1"><label for="n">Gateways</label>
      <span class="value"><input id="n" name="nodes" value="1"></span></knob-field>
    <knob-field class="knob" data-default="0" data-applies='{"nodes": ["2", "3"]}'><label for="d">Delay</label>
      <span class="value"><input id="d" name="delay" value="0"></span><small class="why-idle"></small></knob-field>
  </details>
</lab-knobs></form></section>"""


@pytest.fixture
def knobs(show):
    return show(KNOBS)


def knob(page, label):
    return page.locator("knob-field", has=page.get_by_label(label, exact=True))


def test_a_setting_without_effect_says_while_what(knobs):
    assert "idle" in knob(knobs, "Event after").get_attribute("class")
    knobs.get_by_label("Event", exact=True).select_option("flush")
    expect(knob(knobs, "Event after").locator(".why-idle")).to_be_hidden()
    assert "idle" not in knob(knobs, "Event after").get_attribute("class")
    knobs.get_by_label("Event", exact=True).select_option("none")
    expect(knob(knobs, "Event after").locator(".why-idle")).to_have_text("No effect while Event is Nothing happens")


def test_a_number_may_be_the_reason(knobs):
    expect(knob(knobs, "Delay").locator(".why-idle")).to_have_text("No effect while Gateways is 1")
    knobs.get_by_label("Gateways").fill("2.0")
    expect(knob(knobs, "Delay").locator(".why-idle")).to_be_hidden()


def test_a_setting_without_effect_is_still_sent(knobs):
    sent = knobs.evaluate("[...new FormData(document.querySelector('form')).keys()]")
    assert sent == ["event", "event_at_s", "nodes", "delay"]


def test_what_the_chosen_option_means_stands_below_it(knobs):
    expect(knob(knobs, "Event").locator(".chosen")).to_have_text("All is calm.")
    knobs.get_by_label("Event", exact=True).select_option("flush")
    expect(knob(knobs, "Event").locator(".chosen")).to_have_text("All entries go.")


def test_a_group_counts_what_was_changed_in_it(knobs):
    knobs.get_by_label("Gateways").fill("3")
    expect(knobs.locator("[data-group=Load] [data-changed]")).to_have_text("1 changed")
    expect(knobs.locator("[data-group=Event] [data-changed]")).to_have_text("")


def test_on_a_phone_groups_start_folded_unless_something_was_changed(show, page):
    page.set_viewport_size({"width": 390, "height": 844})
    show(KNOBS.replace('class="knob" data-default="1"', 'class="knob changed" data-default="4"'))
    expect(page.locator("[data-group=Load]")).to_have_attribute("open", "")
    expect(page.get_by_label("Event after")).to_be_hidden()
    page.get_by_text("Event", exact=True).first.click()
    expect(page.get_by_label("Event after")).to_be_visible()


def test_on_a_wide_screen_nothing_is_folded(knobs):
    expect(knobs.get_by_label("Event after")).to_be_visible()
