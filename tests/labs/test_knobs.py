"""A setting says on the page whether it was changed, and why it has no effect: also without JavaScript."""

import pytest

from apps.experiments.registry import experiments
from apps.labs.forms import ParamsForm
from apps.labs.knobs import knob_groups
from apps.labs.wording import plain

LAB = experiments()["rate-limiting"]


def knobs(**typed):
    """Return every knob of the rate-limiting lab by name, with what was typed on the defaults."""
    defaults = {name: param.default for name, param in LAB.params.items()}
    groups = knob_groups(ParamsForm(LAB, initial={**defaults, **typed}))
    return {knob.field.name: knob for group in groups for knob in group.knobs}


def test_a_setting_without_effect_says_while_what():
    assert knobs()["event_at_s"].idle == "No effect while Event is Nothing happens"
    assert knobs(event="redis-down")["event_at_s"].idle == ""


def test_what_was_typed_wrongly_does_not_break_the_page():
    assert knobs(event="no such event")["event_at_s"].idle == "No effect while Event is no such event"
    assert knobs(limit="many")["limit"].value == "many"


def test_a_changed_setting_is_marked_and_counted():
    groups = {g.name: g for g in knob_groups(ParamsForm(LAB, initial={"limit": "50", "nodes": 1}))}
    assert [knob.field.name for knob in groups["Limiter"].knobs if knob.changed] == ["limit"]
    assert groups["Limiter"].changed == 1


def test_the_swept_setting_is_the_sweep_s():
    groups = knob_groups(ParamsForm(LAB), swept="limit")
    (knob,) = [knob for group in groups for knob in group.knobs if knob.field.name == "limit"]
    assert knob.idle == "The sweep sets it"
    assert knob.applies == ""


@pytest.mark.parametrize(("value", "typed"), [(10.0, "10"), (0.1 + 0.2, "0.3"), ("10 50", "10 50"), (None, "")])
def test_a_value_is_shown_as_it_is_typed(value, typed):
    assert plain(value) == typed


@pytest.mark.parametrize("slug", experiments())
def test_every_condition_of_every_setting_names_a_setting_and_values_that_it_may_have(slug):
    params = experiments()[slug].params
    for param in params.values():
        for name, values in param.applies.items():
            assert [params[name].clean(value) for value in values] == list(values)


@pytest.mark.django_db
def test_the_page_says_it_without_javascript(ada):
    page = " ".join(ada.get("/labs/rate-limiting/").content.decode().split())
    assert "No effect while Event is Nothing happens" in page
