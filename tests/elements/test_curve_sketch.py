"""A curve is bet on by hand, by arrow keys or by numbers; the numbers are what is sent."""

import re

import pytest
from playwright.sync_api import expect

XS = ["0", "0.5", "1", "1.5"]


def sketch(low="0", high="100", y_scale="linear", unit="%"):
    fields = "".join(
        f'<label><span data-name>{x}</span><input name="curve_{i}" data-x="{x}"></label>' for i, x in enumerate(XS)
    )
    return f"""
<link rel="stylesheet" href="/static/css/components/sketch.css">
<script type="module" src="/static/js/elements/curve-sketch.js"></script>
<form action="/sent" method="post"><fieldset class="predict sketch">
  <curve-sketch label="Hit ratio" x-label="Skew" unit="{unit}" low="{low}" high="{high}"
    x-scale="linear" y-scale="{y_scale}">
    <div class="points">{fields}</div>
    <label>Within <input name="within" data-within></label>
    <button type="button" data-clear class="clear">Clear the curve</button>
  </curve-sketch><button>Send</button></fieldset></form>"""


@pytest.fixture
def ground(page):
    return page.locator("curve-sketch .ground")


def typed(page):
    """Return the numbers of the form."""
    return [field.input_value() for field in page.locator("[data-x]").all()]


def heights(page):
    """Return where the points stand on the screen, from the left; higher up is smaller."""
    return [point.bounding_box()["y"] for point in page.locator("curve-sketch .point").all()]


def stroke(page, ground, shares):
    """Draw through heights (shares of the sheet, 0 at the bottom) from left to right in one stroke."""
    box = ground.bounding_box()
    at = [
        (box["x"] + 2 + (box["width"] - 4) * i / (len(shares) - 1), box["y"] + box["height"] * (1 - share))
        for i, share in enumerate(shares)
    ]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


def test_one_stroke_sets_every_point(show, page, ground):
    show(sketch())
    stroke(page, ground, [0.1, 0.4, 0.7, 1.0])
    values = [float(value) for value in typed(page)]
    assert values == sorted(values)
    assert values[0] == pytest.approx(10, abs=4)
    assert values[-1] == pytest.approx(99, abs=3)
    expect(page.locator("curve-sketch .line")).to_have_attribute("d", re.compile("^M"))


def test_one_point_follows_the_pointer(show, page, ground):
    show(sketch())
    box = page.locator("curve-sketch .point").nth(1).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 5, ground.bounding_box()["y"] + 1, steps=4)
    page.mouse.up()
    assert typed(page)[1] == "100" or float(typed(page)[1]) > 97
    assert typed(page)[0] == typed(page)[2] == ""


def test_arrow_keys_move_a_point_and_it_says_where_it_is(show, page):
    show(sketch())
    point = page.get_by_role("slider", name="Hit ratio at 0.5")
    expect(point).to_have_attribute("aria-valuetext", "not set")
    point.focus()
    for key in ["ArrowUp", "ArrowUp", "PageUp", "ArrowDown"]:
        page.keyboard.press(key)
    assert typed(page) == ["", "60", "", ""]
    expect(point).to_have_attribute("aria-valuetext", "60 %")
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    expect(point).to_have_attribute("aria-valuenow", "100")
    page.keyboard.press("Home")
    assert typed(page)[1] == "0"


def test_typed_numbers_move_the_points(show, page):
    show(sketch())
    page.get_by_label("1", exact=True).fill("90")
    page.get_by_label("1.5", exact=True).fill("10")
    third, fourth = heights(page)[2:]
    assert third < fourth
    expect(page.locator("curve-sketch .unset")).to_have_count(2)


def test_the_band_is_drawn_once_its_half_width_is_known(show, page, ground):
    show(sketch())
    stroke(page, ground, [0.5, 0.5])
    band = page.locator("curve-sketch .band")
    assert band.get_attribute("d") == ""
    page.get_by_label("Within").fill("10")
    box, sheet = band.bounding_box(), ground.bounding_box()
    assert box["height"] == pytest.approx(sheet["height"] * 0.2, rel=0.1)


def test_powers_of_ten_are_evenly_far_apart(show, page):
    show(sketch(low="1", high="10000", y_scale="log", unit="B"))
    for label, value in zip(XS, ["1", "10", "100", "1000"], strict=True):
        page.get_by_label(label, exact=True).fill(value)
    at = heights(page)
    steps = [before - after for before, after in zip(at, at[1:], strict=False)]
    assert steps == pytest.approx([steps[0]] * 3, abs=0.5)


def test_a_curve_can_be_cleared(show, page, ground):
    show(sketch())
    stroke(page, ground, [0.2, 0.8])
    page.get_by_role("button", name="Clear the curve").click()
    assert typed(page) == [""] * 4
    expect(page.get_by_text("Draw your curve here")).to_be_visible()


def test_the_numbers_are_what_is_sent(show, page, stage):
    show(sketch())
    for label, value in zip(XS, ["10", "20", "30", "40"], strict=True):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/sent")
    assert stage.posted[-1] == "curve_0=10&curve_1=20&curve_2=30&curve_3=40&within="


def test_without_its_script_nothing_is_lost_but_the_sheet(show, page):
    page.route("**/curve-sketch.js", lambda route: route.abort())
    show(sketch())
    page.get_by_label("0.5", exact=True).fill("42")
    expect(page.locator("curve-sketch svg")).to_have_count(0)
    expect(page.locator("[data-clear]")).to_be_hidden()
    assert typed(page) == ["", "42", "", ""]


def test_the_sheet_fits_a_phone_and_its_labels_do_not_run_into_each_other(show, page):
    page.set_viewport_size({"width": 390, "height": 844})
    show(sketch())
    expect(page.locator("curve-sketch svg")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [text.bounding_box() for text in page.locator("curve-sketch .grid text").all()]
    bottom = sorted((box for box in boxes if box["y"] == max(b["y"] for b in boxes[:-1])), key=lambda box: box["x"])
    assert all(a["x"] + a["width"] <= b["x"] for a, b in zip(bottom, bottom[1:], strict=False))
