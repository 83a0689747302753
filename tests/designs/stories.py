"""Sequences for the tests: one that a lesson would draw, and any that could be drawn."""

from hypothesis import strategies as st

from apps.designs.sequence import Sequence

RETRY = {
    "actors": {
        "client": {"type": "client", "label": "App on a phone"},
        "api": {"type": "app", "label": "Payments API"},
        "db": {"type": "database", "label": "PostgreSQL"},
    },
    "steps": [
        {"from": "client", "to": "api", "label": "POST /payments"},
        {"from": "api", "to": "db", "kind": "async", "label": "INSERT"},
        {"from": "db", "to": "api", "kind": "return", "label": "1 row"},
        {"from": "api", "to": "client", "kind": "lost", "label": "201"},
        {"note": "2 s pass", "over": "client"},
        {"divider": "The retry"},
        {"from": "api", "to": "api", "label": "compare"},
    ],
    "description": "The first answer is lost.",
}


def story(steps, actors=("a", "b", "c"), label=str.upper) -> Sequence:
    """Return a sequence of these steps between actors of one kind."""
    named = {name: {"type": "app", "label": label(name)} for name in actors}
    return Sequence.model_validate({"actors": named, "steps": steps, "description": "d"})


@st.composite
def stories(draw):
    """Any sequence: words of any length, all kinds of steps, two to six actors."""
    names = [f"n{number}" for number in range(draw(st.integers(2, 6)))]

    def words(most):
        return st.text("abcdeWM ·", max_size=most).map(str.strip)

    types = st.sampled_from(["client", "app", "database", "queue", "cache", "store"])
    actors = {name: {"type": draw(types), "label": draw(words(28).filter(bool))} for name in names}
    name = st.sampled_from(names)
    messages = st.fixed_dictionaries(
        {"from": name, "to": name, "label": words(44), "kind": st.sampled_from(["sync", "async", "return", "lost"])}
    ).filter(lambda step: step["kind"] != "lost" or step["from"] != step["to"])
    notes = st.fixed_dictionaries({"note": words(60).filter(bool), "over": name})
    dividers = st.fixed_dictionaries({"divider": words(40).filter(bool)})
    steps = draw(st.lists(st.one_of(messages, messages, notes, dividers), min_size=1, max_size=16))
    return Sequence.model_validate({"actors": actors, "steps": steps, "description": "d"})
