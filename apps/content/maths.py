"""How does a formula become MathML that can do nothing but be read?"""

from __future__ import annotations

from html import unescape
from xml.etree.ElementTree import Element, SubElement, tostring

from latex2mathml.converter import convert_to_element

from apps.content.sanitise import words

LONGEST = 1_000

_TAGS = words(
    "math mrow mi mn mo mtext ms mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts "
    "mprescripts none mtable mtr mtd mstyle mpadded mphantom menclose"
)
_ATTRIBUTES = words(
    "display displaystyle mathvariant stretchy fence form separator lspace rspace minsize maxsize symmetric "
    "largeop movablelimits accent accentunder linethickness columnalign rowalign columnlines rowlines "
    "columnspacing rowspacing width height depth scriptlevel notation"
)


class MathError(ValueError):
    """The formula cannot be read; the message names it."""


def to_mathml(latex: str, *, display: bool) -> str:
    """Return `<math>` markup. Raises MathError for what is not LaTeX.

    The library's own text form turns `&lt;` back into `<`, and it knows commands that set `href` and `style`; so its
    tree is taken, copied through a list of known tags and attributes, and written out with all text escaped.
    """
    if len(latex) > LONGEST:
        raise MathError(f"this formula has {len(latex)} characters; at most {LONGEST}")
    try:
        tree = convert_to_element(latex, display="block" if display else "inline")
    except Exception as error:  # noqa: BLE001  (it raises whatever it trips over; the author gets the line)
        reason = type(error).__name__.removesuffix("Error")
        raise MathError(f"this formula is not valid LaTeX ({reason}): {latex[:60]}") from None
    clean = Element("math", {"display": "block", "tabindex": "0"} if display else {})  # one wider than the page scrolls
    _copy_children(tree, clean)
    return tostring(clean, encoding="unicode")


def _copy_children(source: Element, target: Element) -> None:
    for child in source:
        copy = SubElement(target, child.tag if child.tag in _TAGS else "mrow")
        copy.attrib.update({name: value for name, value in child.attrib.items() if name in _ATTRIBUTES})
        copy.text = unescape(child.text) if child.text else None
        _copy_children(child, copy)
