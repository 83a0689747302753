"""What may stand in a diagram? Typed boxes, the arrows between them, and a description in words."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

NodeType = Literal[
    "client",
    "cdn",
    "balancer",
    "gateway",
    "app",
    "worker",
    "cache",
    "database",
    "replica",
    "queue",
    "store",
    "search",
    "external",
    "step",
]
EdgeKind = Literal["sync", "async", "return"]
Direction = Literal["right", "down"]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]

MOST_NODES = 24
MOST_EDGES = 40


class Part(BaseModel):
    """A part of a drawing: never changed, unknown keys refused, blanks at the ends dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Node(Part):
    """One box: what it is, its name, and a few words below."""

    type: NodeType
    label: str = Field(min_length=1, max_length=28)
    note: str = Field(default="", max_length=40)


class Edge(Part):
    """One arrow. A return goes against the flow and does not say where its boxes stand."""

    source: Identifier = Field(alias="from")
    target: Identifier = Field(alias="to")
    label: str = Field(default="", max_length=32)
    kind: EdgeKind = "sync"


class Diagram(Part):
    """A whole diagram. Raises pydantic's ValidationError for an arrow to nowhere or from a box to itself."""

    direction: Direction = "right"
    nodes: dict[Identifier, Node] = Field(min_length=1, max_length=MOST_NODES)
    edges: tuple[Edge, ...] = Field(default=(), max_length=MOST_EDGES)
    description: str = Field(min_length=1, max_length=600)

    @model_validator(mode="after")
    def _edges_join_nodes(self) -> Self:
        for edge in self.edges:
            missing = [name for name in (edge.source, edge.target) if name not in self.nodes]
            if missing:
                raise ValueError(
                    f'the edge from "{edge.source}" to "{edge.target}" names "{missing[0]}", '
                    f"which is not in nodes; there is {', '.join(self.nodes)}"
                )
            if edge.source == edge.target:
                raise ValueError(f'the edge from "{edge.source}" leads back to the same node')
        return self
