import re
from xml.etree import ElementTree

from hypothesis import given, settings

from apps.designs.schema import Diagram
from apps.designs.svg import draw, in_words
from tests.designs.graphs import diagram, diagrams

SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawn, **more):
    markup, _ = draw(drawn, title="A read", key="d1", **more)
    return ElementTree.fromstring(markup)


@given(diagrams())
@settings(deadline=None, max_examples=40)
def test_any_diagram_is_one_well_formed_picture_without_colours_or_styles(drawn):
    markup, _ = draw(drawn, title="T", key="k")
    root = ElementTree.fromstring(markup)
    assert len(root.findall("g")) == len(drawn.nodes)
    assert len([path for path in root.findall("path") if path.get("class") == "head"]) == len(drawn.edges)
    assert not re.search(r"style=|fill=|stroke=|#[0-9a-f]{3}|<script|\son", markup)


def test_it_has_a_title_and_a_description_for_the_ear():
    root = parsed(diagram(["a>b"], description="A asks B"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "d1-t d1-d"
    assert [root.find("title").text, root.find("desc").text] == ["A read", "A asks B"]


def test_words_of_the_author_are_only_words():
    nodes = {"a": {"type": "app", "label": "<b>&\"'</b>", "note": "<script>"}, "b": {"type": "app", "label": "B"}}
    edges = [{"from": "a", "to": "b", "label": "</text><g>"}]
    drawn = Diagram.model_validate({"nodes": nodes, "edges": edges, "description": "<x>"})
    texts = [text.text for text in parsed(drawn).iter("text")]
    assert texts == ["<b>&\"'</b>", "<script>", "B", "</text><g>"]


def test_a_direction_may_be_asked_for_that_is_not_the_authors():
    markup, width = draw(diagram(["a>b", "b>c", "c>d"]), title="T", key="k", direction="down")
    assert 'class="design down"' in markup
    assert width < 200


def test_the_diagram_in_words_names_each_arrow_once_and_each_note_once():
    nodes = {
        "a": {"type": "app", "label": "App", "note": "stateless"},
        "b": {"type": "cache", "label": "Redis"},
        "alone": {"type": "store", "label": "Files"},
    }
    edges = [
        {"from": "a", "to": "b", "label": "look up"},
        {"from": "b", "to": "a", "kind": "return"},
        {"from": "a", "to": "b", "kind": "async", "label": "store"},
    ]
    drawn = Diagram.model_validate({"nodes": nodes, "edges": edges, "description": "d"})
    assert in_words(drawn) == [
        "App (stateless) to Redis: look up",
        "Redis back to App",
        "App later to Redis: store",
        "Files",
    ]
