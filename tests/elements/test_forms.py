from playwright.sync_api import expect

KNOB = """
<form><knob-field class="knob" data-default="10"><label for="a">Holds</label>
  <span class="value"><input id="a" name="a" value="10"></span>
  <input type="range" min="0" max="100" step="1" value="10" tabindex="-1" aria-hidden="true">
  <small class="help">Share of the products</small></knob-field></form>"""
RUN_FORM = """
<section id="lab-caching" data-panel><run-form>
  <form method="post" action="/runs" hx-post="/runs" hx-target="#lab-caching" hx-swap="outerHTML">
    <input name="guess" value=""><button name="bet" value="guess">Bet and run</button>
    <button name="bet" value="skip">Skip</button></form></run-form></section>"""
BET = """
<bet-form for="lab-caching"><form class="predict" action="/labs/caching/#lab-caching">
  <input type="hidden" name="preset" value="small"><input name="guess" aria-label="Guess">
  <button name="bet" value="guess">Bet</button></form></bet-form>"""

SWEEP = """
<form><sweep-values><label>Setting <select name="param"><option data-values="0 1">Skew</option>
  <option data-values="5 10">Reads</option></select></label><input name="values" value="0 1"></sweep-values></form>"""


def test_a_slider_and_its_field_go_together_and_a_change_is_marked(show):
    page = show(KNOB)
    knob, field = page.locator("knob-field"), page.locator("[name=a]")
    page.locator("[type=range]").fill("35")
    expect(field).to_have_value("35")
    expect(knob).to_have_class("knob changed")
    field.fill("10")
    expect(page.locator("[type=range]")).to_have_value("10")
    expect(knob).to_have_class("knob")


def test_what_a_setting_means_can_be_put_away(show):
    page = show(KNOB)
    help_text = page.get_by_text("Share of the products")
    page.locator("[name=a]").focus()
    expect(help_text).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_text).to_be_hidden()


def test_a_double_click_posts_once(show, stage):
    stage.answer = '<section id="lab-caching" data-panel>Running</section>'
    page = show(RUN_FORM)
    page.get_by_role("button", name="Skip").dblclick()
    expect(page.locator("#lab-caching")).to_have_text("Running")
    assert stage.posted == ["guess=&bet=skip"]


def test_after_an_error_the_form_can_be_sent_again(show, page, stage):
    stage.answer = '<section id="lab-caching" data-panel>Running</section>'
    page.route("**/runs", lambda route: route.abort(), times=1)
    show(RUN_FORM)
    page.get_by_role("button", name="Skip").click()
    expect(page.locator("page-notice")).to_contain_text("did not answer")
    page.get_by_role("button", name="Skip").click()
    expect(page.locator("#lab-caching")).to_have_text("Running")


def test_an_error_page_does_not_replace_the_panel(show, page):
    page.route("**/runs", lambda route: route.fulfill(status=500, body="<h1>Something broke</h1>"))
    show(RUN_FORM)
    page.get_by_role("button", name="Skip").click()
    expect(page.locator("page-notice")).to_contain_text("did not answer")
    expect(page.get_by_role("button", name="Skip")).to_be_visible()


def test_a_form_that_was_not_accepted_replaces_the_panel(show, page):
    again = '<section id="lab-caching" data-panel>Type your guess, or skip it.</section>'
    page.route("**/runs", lambda route: route.fulfill(status=422, body=again, content_type="text/html"))
    show(RUN_FORM)
    page.get_by_role("button", name="Bet and run").click()
    expect(page.locator("#lab-caching")).to_have_text("Type your guess, or skip it.")


def test_the_keyboard_stays_with_what_was_replaced(show, stage):
    stage.answer = '<section id="lab-caching" data-panel>Running</section>'
    page = show(RUN_FORM)
    page.get_by_role("button", name="Skip").press("Enter")
    expect(page.locator("#lab-caching")).to_be_focused()


def test_a_bet_in_the_text_runs_in_the_panel(show, stage):
    stage.answer = RUN_FORM.replace('value=""', 'value="75"')
    page = show(BET + RUN_FORM)
    page.get_by_label("Guess").fill("75")
    page.get_by_role("button", name="Bet", exact=True).click()
    page.wait_for_load_state("networkidle")
    assert stage.posted == ["/labs/caching/?preset=small&guess=75&bet=guess", "guess=75&bet=guess"]


def test_a_bet_that_is_faster_than_its_panel_waits_for_it(show, page, stage):
    late, bets = [], []
    page.route("**/late", lambda route: late.append(route))
    page.route("**/labs/caching/?*", lambda route: bets.append(route))
    show(BET + '<section id="lab-caching" hx-get="/late" hx-trigger="load" hx-swap="outerHTML">On its way</section>')
    page.get_by_label("Guess").fill("75")
    page.get_by_role("button", name="Bet", exact=True).click()
    with page.expect_request("**/labs/caching/?*"):
        late[0].fulfill(body=RUN_FORM, content_type="text/html")
    expect(page.locator("run-form")).to_be_visible()
    bets[0].fulfill(body=RUN_FORM.replace('value=""', 'value="75"'), content_type="text/html")
    expect(page.get_by_text("Answered")).to_be_visible()
    assert stage.posted[-1] == "guess=75&bet=guess", "not an empty bet"


def test_a_bet_without_a_panel_goes_to_the_lab(show):
    page = show(BET)
    page.get_by_label("Guess").fill("75")
    page.get_by_role("button", name="Bet", exact=True).click()
    page.wait_for_url("**/labs/caching/?preset=small&guess=75&bet=guess#lab-caching")


def test_a_permalink_is_copied(show, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    show('<copy-link><a href="/runs/abc/">Permalink</a></copy-link>')
    page.get_by_role("link", name="Permalink").click()
    expect(page.get_by_role("link", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith("/runs/abc/")


def test_the_keyboard_stays_on_a_link_that_comes_back(show, stage):
    pills = (
        '<section id="lab"><a href="/labs/a?preset=x" hx-get="/x" hx-target="#lab" hx-swap="outerHTML">X</a></section>'
    )
    stage.answer = pills.replace(">X<", ">X, chosen<")
    page = show(pills)
    page.get_by_role("link", name="X").press("Enter")
    expect(page.get_by_role("link", name="X, chosen")).to_be_focused()


def test_a_sweep_may_be_proposed_for_the_chosen_setting(show, page):
    show(SWEEP)
    page.get_by_label("Setting").select_option("Reads")
    expect(page.locator("[name=values]")).to_have_value("5 10")
