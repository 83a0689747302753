import time

import pytest
from playwright.sync_api import expect

FIGURE = """{"data":[{"type":"scatter","mode":"lines","name":"Hits","line":{"color":"var(--measured)"}}],
"layout":{"xaxis":{"range":[0,20]},"yaxis":{"range":[0,1]}},"series":["hits"]}"""
RUN = f"""
<section id="panel" data-panel>
  <lab-run src="/events" poll="/points" panel="/panel" state="running" attempt="1">
    <p data-note></p><p data-connection></p><progress class="bar" max="1" value="0"></progress>
    <lab-chart label="Hits over time"><script type="application/json">{FIGURE}</script></lab-chart>
  </lab-run>
</section>"""


@pytest.fixture
def run(show):
    """The page of a run that goes on."""
    return show(RUN)


def wait_for_drawn(page, heights):
    """Wait until the drawn line has these heights."""
    plot = page.locator("lab-chart .js-plotly-plot")
    expect(plot).to_be_visible()
    until = time.monotonic() + 10
    while (drawn := plot.evaluate("plot => plot.data[0].y")) != heights and time.monotonic() < until:
        page.wait_for_timeout(50)  # lets the page work; the condition is what is waited for
    assert drawn == heights


def test_points_are_drawn_as_they_come(run, stage):
    stage.points(0.1, 0.2)
    wait_for_drawn(run, [0.1, 0.2])
    stage.points(0.3)
    wait_for_drawn(run, [0.1, 0.2, 0.3])
    expect(run.locator("[data-note]")).to_have_text("Reading")
    expect(run.locator("progress")).to_have_js_property("value", 0.5)


def test_a_cut_stream_goes_on_where_it_was(run, stage):
    stage.cut_after = 1
    for height in (0.1, 0.2, 0.3):
        stage.points(height)
    wait_for_drawn(run, [0.1, 0.2, 0.3])
    assert stage.streams[:3] == [0, 1, 2]


def test_one_refusal_does_not_end_the_stream(show, stage):
    stage.refuse_streams = 1
    run = show(RUN)
    stage.points(0.4)
    wait_for_drawn(run, [0.4])
    assert len(stage.streams) == 2


def test_after_three_refusals_the_page_polls_and_says_so(show, stage):
    stage.refuse_streams = 99
    run = show(RUN)
    stage.points(0.5)
    expect(run.locator("[data-connection]")).to_contain_text("once a second", timeout=15_000)
    wait_for_drawn(run, [0.5])
    stage.points(0.6)
    wait_for_drawn(run, [0.5, 0.6])
    assert len(stage.streams) == 3
    assert stage.polls[0] == 0


def test_a_stream_that_is_held_back_is_noticed(show, stage):
    stage.silent = True
    run = show(RUN)
    stage.points(0.7)
    expect(run.locator("[data-connection]")).to_contain_text("once a second", timeout=20_000)
    wait_for_drawn(run, [0.7])


def test_a_restarted_run_begins_anew(run, stage):
    stage.points(0.1, 0.2)
    wait_for_drawn(run, [0.1, 0.2])
    stage.tell("state", attempt=2, state="running")
    stage.points(0.9, attempt=2)
    wait_for_drawn(run, [0.9])
    stage.points(0.5, attempt=1)  # a late word of the attempt that was given up
    stage.points(0.8, attempt=2)
    wait_for_drawn(run, [0.9, 0.8])


def test_at_the_end_the_panel_is_replaced_and_the_finding_is_said(run, stage):
    stage.answer = '<section id="panel" data-panel><h4 data-finding>A tenth answers half</h4></section>'
    stage.points(0.1)
    stage.tell("done", state="done")
    expect(run.locator("h4")).to_have_text("A tenth answers half")
    expect(run.locator("#announcer")).to_have_text("The run is over. A tenth answers half")
    expect(run.locator("lab-run")).to_have_count(0)


def test_a_run_that_is_over_is_not_followed(show, stage):
    page = show(RUN.replace('state="running"', 'state="done"'))
    expect(page.locator("lab-chart .js-plotly-plot")).to_be_visible()
    assert stage.streams == []
