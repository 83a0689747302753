import pytest
from pydantic import ValidationError

from apps.designs.schema import Diagram


def test_an_edge_to_nowhere_is_refused_by_name():
    raw = {
        "nodes": {"a": {"type": "app", "label": "A"}},
        "edges": [{"from": "a", "to": "cash"}],
        "description": "d",
    }
    with pytest.raises(ValidationError, match='names "cash", which is not in nodes; there is a'):
        Diagram.model_validate(raw)


def test_an_edge_from_a_box_to_itself_is_refused():
    raw = {"nodes": {"a": {"type": "app", "label": "A"}}, "edges": [{"from": "a", "to": "a"}], "description": "d"}
    with pytest.raises(ValidationError, match="leads back to the same node"):
        Diagram.model_validate(raw)


@pytest.mark.parametrize("missing", ["nodes", "description"])
def test_nodes_and_a_description_are_needed(missing):
    raw = {"nodes": {"a": {"type": "app", "label": "A"}}, "description": "d"}
    del raw[missing]
    with pytest.raises(ValidationError, match=missing):
        Diagram.model_validate(raw)
