import json

import pytest
from playwright.sync_api import expect

FIGURE = {
    "data": [
        {"type": "scatter", "x": [0, 1, 2], "y": [10, 40, 55], "name": "Hits", "line": {"color": "var(--measured)"}}
    ],
    "layout": {
        "xaxis": {"range": [0, 2]},
        "yaxis": {"range": [0, 100]},
        "annotations": [
            {"text": "theory 57 %", "x": 1, "xref": "x domain", "xanchor": "right", "y": 57, "yanchor": "top"}
        ],
    },
    "series": ["hits"],
}


def chart(figure=FIGURE, before=""):
    data = f'<script type="application/json">{json.dumps(figure)}</script>'
    return f'{before}<lab-chart label="Hits climb to 55 %">{data}</lab-chart>'


@pytest.fixture
def plot(page):
    return page.locator("lab-chart .js-plotly-plot")


def layout(plot, path):
    return plot.evaluate(f"plot => plot._fullLayout.{path}")


def test_the_chart_has_a_role_and_a_summary(show, plot):
    show(chart())
    expect(plot).to_be_visible()
    expect(plot).to_have_attribute("role", "img")
    expect(plot).to_have_attribute("aria-label", "Hits climb to 55 %")


def test_colours_are_those_of_the_theme_and_follow_it(show, page, plot):
    page.emulate_media(color_scheme="light")
    show(chart())
    expect(plot).to_be_visible()
    line = "plot => plot._fullData[0].line.color"
    assert plot.evaluate(line) == "rgba(11,110,95,1.000)"
    page.get_by_label("Colour theme").select_option("dark")
    assert plot.evaluate(line) == "rgba(79,195,174,1.000)"


def test_with_less_motion_each_colour_is_its_own(show, page, plot):
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    show(chart())
    expect(plot).to_be_visible()
    assert plot.evaluate("plot => plot._fullData[0].line.color") == "rgba(11,110,95,1.000)"
    assert layout(plot, "yaxis.tickfont.color") != layout(plot, "paper_bgcolor") != "rgba(11,110,95,1.000)"


def test_the_theme_is_kept(show, page):
    show("")
    page.get_by_label("Colour theme").select_option("dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_label("Colour theme")).to_have_value("dark")


def test_nothing_is_asked_of_another_host(show, page, stage, plot):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    show(chart())
    expect(plot).to_be_visible()
    assert [url for url in asked if not url.startswith((stage.url, "data:", "blob:"))] == []
    assert page.get_by_text("Share chart").count() == 0


def test_plotly_is_loaded_only_near_the_screen(show, page, plot):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    show(chart(before="<p>x</p>" * 200))
    page.wait_for_load_state("networkidle")
    assert not any("plotly-cartesian" in url for url in asked)
    page.locator("lab-chart").scroll_into_view_if_needed()
    expect(plot).to_be_visible()


def test_the_end_of_a_line_bears_its_name_and_moves_a_label_out_of_the_way(show, plot):
    show(chart())
    expect(plot).to_be_visible()
    tip = plot.evaluate("plot => [plot.data[1].x[0], plot.data[1].y[0], plot.data[1].text, plot.data[1].textposition]")
    assert tip == [2, 55, "Hits", "bottom left"]
    assert layout(plot, "annotations[0].yanchor") == "bottom"


def test_a_chart_can_be_saved(show, page, plot):
    show(chart())
    plot.hover()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as PNG").click()
    assert download.value.suggested_filename == "lab-chart.png"


def test_a_chart_that_cannot_be_loaded_says_so(show, page):
    page.route("**/plotly-cartesian.min.js", lambda route: route.abort())
    show(chart())
    expect(page.locator("lab-chart")).to_contain_text("The chart did not load")


def test_the_picture_carries_the_finding_and_where_it_comes_from(show, page, plot):
    show(chart().replace("<lab-chart ", '<lab-chart heading="Hits <b> reach 55 %" source="measured · seed 7" '))
    expect(plot).to_be_visible()
    picture = page.evaluate(
        """async () => {
          const { pictureOf } = await import("/static/js/chart-png.js");
          return pictureOf(document.querySelector("lab-chart")).layout.title;
        }"""
    )
    assert picture["text"] == "Hits &lt;b> reach 55 %"
    assert picture["subtitle"]["text"] == "measured · seed 7"


def test_a_figure_that_changes_is_drawn_anew_in_the_same_place(show, page, plot):
    show('<lab-chart label="Hits"></lab-chart>'.replace("<lab-chart", f"<lab-chart figure='{json.dumps(FIGURE)}'"))
    expect(plot).to_be_visible()
    page.locator("lab-chart").evaluate("chart => (chart.kept = chart.querySelector('.plot'))")
    later = {**FIGURE, "data": [{**FIGURE["data"][0], "x": [0, 1, 2, 3], "y": [10, 40, 55, 60]}]}
    page.locator("lab-chart").evaluate("(chart, figure) => chart.setAttribute('figure', figure)", json.dumps(later))
    assert plot.evaluate("plot => plot.data[0].y") == [10, 40, 55, 60]
    assert page.locator("lab-chart").evaluate("chart => chart.kept === chart.querySelector('.plot')")


def two_lines(first, second):
    lines = [
        {"type": "scatter", "x": [0, 1, 2], "y": [10, 40, y], "name": name, "line": {"color": "var(--ink)"}}
        for name, y in [("measured", first), ("theory", second)]
    ]
    layout_ = {"xaxis": {"range": [0, 2]}, "yaxis": {"range": [0, 100]}}
    return {"data": lines, "layout": layout_, "series": ["measured", "theory"]}


def names_at_the_end(plot):
    return plot.evaluate("plot => plot.data.slice(2).map(tip => [tip.text, tip.textposition])")


def test_two_lines_that_end_close_by_have_their_names_on_two_sides(show, plot):
    show(chart(two_lines(50, 47)))
    expect(plot).to_be_visible()
    (first, above), (second, below) = names_at_the_end(plot)
    assert [first, second] == ["measured", "theory"]
    assert above.startswith("top")
    assert below.startswith("bottom")


def test_lines_that_end_in_one_place_are_named_above_the_plot(show, page, plot):
    show(chart(two_lines(50, 50)))
    expect(plot).to_be_visible()
    assert [text for text, _ in names_at_the_end(plot)] == ["", ""]
    expect(plot.locator(".legend .legendtext")).to_have_text(["measured", "theory"])
    size = "node => { const { top, bottom } = node.getBoundingClientRect(); return [top, bottom]; }"
    legend, plotted = (plot.locator(each).first.evaluate(size) for each in (".legend", ".plotbg, .gridlayer"))
    assert legend[1] <= plotted[0] + 1


def test_a_name_that_would_be_cut_stands_above_the_plot(show, page, plot):
    page.set_viewport_size({"width": 390, "height": 844})
    line = {"type": "scatter", "x": [4, 6, 8], "y": [1, 2, 3], "name": "Slowest 99 of a hundred calls, all pages"}
    short = {"type": "scatter", "x": [4, 5, 6], "y": [1, 9, 9], "name": line["name"] + " again"}
    show(chart({"data": [line, short], "layout": {}, "series": ["one", "two"]}))
    expect(plot).to_be_visible()
    assert [text for text, _ in names_at_the_end(plot)] == ["", ""]
    assert layout(plot, "showlegend") is True


def test_a_name_at_the_end_of_an_axis_that_does_not_begin_at_zero_stands_inside(show, plot):
    line = {"type": "scatter", "x": [50, 75, 100], "y": [1, 2, 3], "name": "Slowest leg"}
    show(chart({"data": [line], "layout": {}, "series": ["one"]}))
    expect(plot).to_be_visible()
    position = plot.evaluate("plot => plot.data[1].textposition")
    assert position.endswith("left")


def test_lines_that_meet_while_they_grow_get_a_legend(show, page, plot):
    show(chart(two_lines(50, 20)))
    expect(plot).to_be_visible()
    page.locator("lab-chart").evaluate(
        "chart => chart.onPoints({detail: {points: {measured: [[2.5, 60]], theory: [[2.5, 60]]}}})"
    )
    expect(plot.locator(".legend .legendtext")).to_have_text(["measured", "theory"])


def test_each_number_of_an_axis_says_its_thousands(show, plot):
    line = {"type": "scatter", "x": [0, 1], "y": [0, 40_000], "name": "Calls"}
    show(chart({"data": [line], "layout": {"yaxis": {"ticksuffix": " req/s"}}, "series": ["calls"]}))
    expect(plot).to_be_visible()
    ticks = [text for text in plot.locator(".ytick text").all_text_contents() if not text.strip().startswith("0")]
    assert ticks
    assert all("k" in text for text in ticks), ticks
    assert sum("req/s" in text for text in ticks) == 1


def test_words_below_the_axis_do_not_run_into_each_other(show, page, plot):
    page.set_viewport_size({"width": 390, "height": 844})
    words = {"tickvals": [0, 1.9, 2], "ticktext": ["10", "700", "1000"], "range": [0, 2.4], "tickangle": 0}
    show(chart({**FIGURE, "layout": {"xaxis": words, "yaxis": {"range": [0, 100]}}}))
    expect(plot).to_be_visible()
    assert layout(plot, "xaxis.ticktext") == ["10", "700", ""]


LAID_OVER = {**two_lines(50, 20), "roles": ["result", "theory"]}


def test_theory_comes_off_and_on_by_keyboard_and_in_the_table_too(show, page, plot):
    cells = '<table data-of="hits"><tr><td>50</td><td data-role="theory">20</td></tr></table>'
    show(f"<div data-panel>{chart(LAID_OVER).replace('<lab-chart', '<lab-chart name=hits')}{cells}</div>")
    expect(plot).to_be_visible()
    tick = page.get_by_label("Theory")
    expect(tick).to_be_checked()
    tick.focus()
    page.keyboard.press("Space")
    expect(page.locator("td[data-role=theory]")).to_be_hidden()
    assert plot.evaluate("plot => plot._fullData.map(trace => trace.visible)")[1] is False
    assert [text for text, _ in names_at_the_end(plot) if text] == ["measured"]
    page.keyboard.press("Space")
    expect(page.locator("td[data-role=theory]")).to_be_visible()
    assert plot.evaluate("plot => plot._fullData[1].visible") is True


def test_a_chart_with_nothing_laid_over_offers_no_tick(show, page, plot):
    show(chart())
    expect(plot).to_be_visible()
    expect(page.locator(".chart-layers")).to_have_count(0)


def test_a_theory_without_points_offers_no_tick(show, page, plot):
    line = {"type": "scatter", "x": [0, 1, 2], "y": [10, 40, 50], "name": "measured"}
    empty = {"type": "scatter", "x": [], "y": [], "name": "theory"}
    figure = {"data": [line, empty], "layout": {}, "series": ["measured", "theory"], "roles": ["result", "theory"]}
    show(chart(figure))
    expect(plot).to_be_visible()
    expect(page.locator(".chart-layers")).to_have_count(0)
    page.locator("lab-chart").evaluate(
        "chart => { chart.onPoints({detail: {points: {theory: [[1, 5]]}}}); chart.redraw(); }"
    )
    expect(page.get_by_label("Theory")).to_be_checked()
    page.locator("lab-chart").evaluate("chart => { chart.onRestart(); chart.redraw(); }")
    expect(page.locator(".chart-layers")).to_have_count(0)
