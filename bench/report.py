"""How is a measurement told? One JSON line each in DATA_DIR/bench.jsonl, and a table for people."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One measured value beside its reference; `ratio` is value over reference. None where there is no reference."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    ratio: float | None = None


def against(name: str, value: float, unit: str, reference: float) -> Row:
    """Return the row of a value that has a reference in the same unit."""
    return Row(name, round(value, 3), unit, round(reference, 3), round(value / reference, 3))


def write(rows: list[Row], directory: Path) -> None:
    """Append the rows to bench.jsonl and print them as a table."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "bench.jsonl").open("a") as file:
        file.writelines(json.dumps(asdict(row)) + "\n" for row in rows)
    print(f"{'name':<44}{'value':>12} {'unit':<8}{'reference':>12}{'ratio':>8}")
    for row in rows:
        reference = "" if row.reference is None else f"{row.reference:,.2f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        print(f"{row.name:<44}{row.value:>12,.2f} {row.unit:<8}{reference:>12}{ratio:>8}")
