"""Diagrams for the tests: a few that lessons draw, and any that could be drawn."""

from hypothesis import strategies as st

from apps.designs.schema import Diagram


def diagram(edges, nodes=None, **more) -> Diagram:
    """Return a diagram from "a>b label" texts; "a~b" is async, "a<b" means that b returns to a."""
    kinds = {">": "sync", "~": "async", "<": "return"}
    read = []
    for text in edges:
        pair, _, label = text.partition(" ")
        sign = next(sign for sign in kinds if sign in pair)
        first, second = pair.split(sign)
        ends = {"from": second, "to": first} if sign == "<" else {"from": first, "to": second}
        read.append({**ends, "label": label, "kind": kinds[sign]})
    names = nodes or dict.fromkeys(name for edge in read for name in (edge["from"], edge["to"]))
    boxes = {name: {"type": "app", "label": name.upper()} for name in names}
    return Diagram.model_validate({"nodes": boxes, "edges": read, "description": "d", **more})


@st.composite
def diagrams(draw, most=9):
    """Any diagram: circles, several arrows between two boxes, boxes without arrows, long words."""
    names = [f"n{number}" for number in range(draw(st.integers(1, most)))]
    words = st.text("abcdefgh ", max_size=24).map(str.strip)
    nodes = {
        name: {
            "type": draw(st.sampled_from(["client", "app", "database", "queue", "cache", "step"])),
            "label": draw(words.filter(bool)),
            "note": draw(words),
        }
        for name in names
    }
    pairs = [(a, b) for a in names for b in names if a != b]
    picked = draw(st.lists(st.sampled_from(pairs), max_size=12)) if pairs else []
    edges = [
        {"from": a, "to": b, "label": draw(words), "kind": draw(st.sampled_from(["sync", "async", "return"]))}
        for a, b in picked
    ]
    direction = draw(st.sampled_from(["right", "down"]))
    return Diagram.model_validate({"direction": direction, "nodes": nodes, "edges": edges, "description": "d"})
