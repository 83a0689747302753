"""Which shape is each kind of part? The same in every drawing: classes say what it is, the style sheet the rest."""

from __future__ import annotations

from apps.designs.geometry import Box
from apps.designs.schema import NodeType

_LID = 5.0  # half the height of a cylinder's lid
_CYLINDERS = ("database", "replica")


def lid_of(kind: NodeType) -> float:
    """Return by how many pixels the text of a part stands lower because of its lid."""
    return _LID if kind in _CYLINDERS else 0.0


def shape(kind: NodeType, box: Box) -> str:
    """Return the outline of a part: a cylinder, or a rectangle with the bars that tell a queue from a cache."""
    x, y, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    if kind in _CYLINDERS:
        half = box.width / 2
        side = f"a{half:.1f} {_LID} 0 0 0 {box.width:.1f} 0"
        return (
            f'<path class="body" d="M{x:.1f} {y + _LID:.1f}V{bottom - _LID:.1f}{side}V{y + _LID:.1f}'
            f'a{half:.1f} {_LID} 0 0 0 {-box.width:.1f} 0z"/>'
            f'<path class="mark" d="M{x:.1f} {y + _LID:.1f}{side}"/>'
        )
    corner = 14 if kind == "client" else 3
    size = f'width="{box.width:.1f}" height="{box.height:.1f}"'
    rect = f'<rect class="body" x="{x:.1f}" y="{y:.1f}" {size} rx="{corner}"/>'
    bars = {
        "queue": f"M{right - 6:.1f} {y:.1f}V{bottom:.1f}M{right - 11:.1f} {y:.1f}V{bottom:.1f}",
        "cache": f"M{x + 5:.1f} {y:.1f}V{bottom:.1f}",
        "store": f"M{x:.1f} {y + 5:.1f}H{right:.1f}",
    }
    return rect + (f'<path class="mark" d="{bars[kind]}"/>' if kind in bars else "")
