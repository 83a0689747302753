from itertools import combinations

import pytest
from hypothesis import given, settings

from apps.designs.layout import lay_out, node_size
from tests.designs.graphs import diagram, diagrams

BUSY = ["c>cdn", "c>gw", "gw>app 12k/s", "app>db conditional update", "app~q order placed", "q>w", "w>db mark paid"]


def inside(layout, box):
    return box.x >= 0 and box.y >= 0 and box.x + box.width <= layout.width and box.y + box.height <= layout.height


@given(diagrams())
@settings(deadline=None, max_examples=60)
def test_boxes_never_overlap_and_nothing_leaves_the_sheet(drawn):
    layout = lay_out(drawn)
    assert not any(one.overlaps(other) for one, other in combinations(layout.boxes.values(), 2))
    assert all(inside(layout, box) for box in [*layout.boxes.values(), *filter(None, layout.labels)])
    assert all(0 <= x <= layout.width and 0 <= y <= layout.height for r in layout.routes for x, y in r.samples())


@given(diagrams())
@settings(deadline=None, max_examples=40)
def test_a_box_is_as_large_as_its_words_need(drawn):
    layout = lay_out(drawn)
    for name, node in drawn.nodes.items():
        width, height = node_size(node)
        assert layout.boxes[name].width >= width
        assert layout.boxes[name].height >= height


@given(diagrams())
@settings(deadline=None, max_examples=40)
def test_an_arrow_begins_and_ends_at_its_boxes(drawn):
    layout = lay_out(drawn)
    for edge, route in zip(drawn.edges, layout.routes, strict=True):
        ends = [route.curves[0].start, route.curves[-1].end]
        source, target = reversed(ends) if route.backwards else ends
        assert layout.boxes[edge.source].holds(source)
        assert layout.boxes[edge.target].holds(target)


@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize(
    "edges",
    [
        BUSY,
        ["a>b 1 look up", "a~b 5 store", "a>d 3 on a miss", "a<d 4 row"],
        ["closed>open 5 failures in 10 s", "open>half after 30 s", "half>closed succeeds", "half>open fails"],
        [f"{one}>{two} keys" for one in ("a", "b") for two in ("x", "y", "z")],
    ],
)
def test_words_stand_free_in_drawings_of_the_usual_size(edges, direction):
    layout = lay_out(diagram(edges, direction=direction))
    labels = [label for label in layout.labels if label]
    assert not any(one.overlaps(other) for one, other in combinations(labels, 2))
    assert not any(label.overlaps(box) for label in labels for box in layout.boxes.values())


def test_a_straight_chain_is_drawn_straight():
    layout = lay_out(diagram(["a>b", "b>c"]))
    heights = {round(point[1], 3) for route in layout.routes for point in route.samples()}
    assert len(heights) == 1


def test_the_same_diagram_is_always_drawn_the_same():
    assert lay_out(diagram(BUSY)) == lay_out(diagram(BUSY))
