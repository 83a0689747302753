"""How wide is a text on a diagram? The server draws without a browser, so the font's widths are kept here."""

# Advance widths of Instrument Sans in thousandths of the font size, as a browser measures them: of the weights
# 400 and 600 the wider one, so that one table serves both.
_WIDTHS = {
    "Ww@": (1090, 800, 870),
    "mM": (941, 906),
    "%OQ": (786, 800, 806),
    "&GCDU#": (768, 766, 748, 755, 712, 727),
    "AHNVXYK": (733, 736, 736, 733, 707, 700, 712),
    "0698$": (677, 619, 619, 600, 637),
    "bdghpqunoae": (621, 621, 621, 612, 621, 621, 604, 612, 600, 560, 573),
    "BEFPRSTZL": (645, 638, 602, 667, 666, 637, 664, 631, 589),
    "ckvxyzs?": (555, 560, 540, 590, 540, 515, 495, 582),
    "234571": (558, 580, 617, 582, 563, 391),
    "+<=>~^×": (546,) * 7,
    "ilIj.,:;!|·'": (262, 262, 256, 262, 278, 278, 278, 278, 297, 245, 146, 258),
    "frtJ()[]{}*": (372, 392, 408, 456, 441, 441, 441, 441, 441, 441, 432),
    '-/\\_"` ': (508, 446, 446, 468, 451, 356, 201),
    "–—→≤≥…": (601, 901, 1000, 549, 549, 730),
}
_ADVANCE = {character: width for text, widths in _WIDTHS.items() for character, width in zip(text, widths, strict=True)}
_UNKNOWN = 1000  # a square: right for Chinese and Japanese, generous for everything else
_SLACK = 1.06  # until the font has come, a system font stands in that may be a little wider


def text_width(text: str, size: float) -> float:
    """Return the width of `text` in pixels when set at `size` pixels; rather too wide than too narrow."""
    return sum(_ADVANCE.get(character, _UNKNOWN) for character in text) * size * _SLACK / 1000
