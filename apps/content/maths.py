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
        copy = SubElement(target, _tag(child))
        copy.attrib.update({name: value for name, value in child.attrib.items() if name in _ATTRIBUTES})
        copy.text = unescape(child.text) if child.text else None
        _copy_children(child, copy)
        if child.tag == "msqrt":
            _draw_root(copy)
    _join_numbers(target)


def _tag(element: Element) -> str:
    return element.tag if element.tag in _TAGS - {"msqrt"} else "mrow"


def _draw_root(row: Element) -> None:
    """Write a root as √x or √(x + y): browsers draw `msqrt` without its sign unless a font has a table for it."""
    is_simple = len(row) == 1 and len(row[0]) <= 1
    for place, sign in ((0, "√"),) if is_simple else ((0, "√"), (1, "("), (len(row) + 2, ")")):
        mark = Element("mo", {"stretchy": "false"})
        mark.text = sign
        row.insert(place, mark)


def _join_numbers(row: Element) -> None:
    """Make one number of `69{,}444`, which arrives as a number, a comma and a number, with a gap between."""
    place = 0
    while place + 2 < len(row):
        first, comma, last = row[place : place + 3]
        tags, thousands = (first.tag, comma.tag, last.tag), (last.text or "").partition(".")[0]
        if tags == ("mn", "mrow", "mn") and "".join(comma.itertext()) == "," and len(thousands) == 3:
            first.text = f"{first.text},{last.text}"
            row.remove(comma)
            row.remove(last)
        else:
            place += 1
