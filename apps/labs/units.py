"""How is a figure shown, and how is a typed one read? A share is shown in per cent; the rest in its own unit."""

from apps.experiments.base import Chart, Figure
from apps.experiments.params import read_decimal


def scale(shown_in: Figure | Chart) -> float:
    """Return how many shown units make one unit of a figure or of a chart's lines: 100 for a share, else 1."""
    return 100.0 if shown_in.unit == "%" else 1.0


def shown(figure: Figure, value: float) -> str:
    """Return the value with its unit, to the figure's significant digits: "57.1 %", "4.8 ms", "1,240 /s"."""
    return f"{shown_number(figure, value)}\u00a0{figure.unit}" if figure.unit else shown_number(figure, value)


def shown_number(figure: Figure, value: float) -> str:
    """Return the value without its unit, as `shown` would."""
    number = value * scale(figure)
    if number == 0:
        return "0"
    if abs(number) >= 10 ** (figure.digits - 1):
        return f"{number:,.0f}"
    return f"{number:.{figure.digits}g}" if abs(number) >= 1e-4 else f"{number:.1e}"


def read_number(figure: Figure, text: str) -> float:
    """Return what was typed, in the unit of the figure. Accepts "75", "75 %", "1,200". Raises ValueError."""
    return read_decimal(text.strip().removesuffix(figure.unit)) / scale(figure)
