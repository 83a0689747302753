"""A table says what its chart shows: a row a second, a bar, or a value of what is across."""

from apps.experiments.base import Chart, Line
from apps.labs.tables import MOST_ROWS, tables


class Lab:
    def __init__(self, *charts):
        self.charts = charts


def table(chart, **series):
    return tables(Lab(chart), series)[0]


TIME = Chart("Over time", (Line("a", "Hits"), Line("b", "By the model", role="model")), "%")


def test_a_second_is_a_row_and_a_share_is_per_cent():
    found = table(TIME, a=[[0.2, 0.5], [0.7, 0.9], [11.4, 0.25]])
    assert found["head"] == "Second"
    assert found["rows"] == [("0", [("50", "result")]), ("11", [("25", "result")])]


def test_a_short_run_has_rows_closer_than_a_second():
    found = table(TIME, a=[[0.01 * step, 0.5] for step in range(40)])
    assert found["rows"][1][0] == "0.01"


def test_what_is_laid_over_is_a_column_with_its_role():
    found = table(TIME, a=[[0, 0.5]], b=[[0, 0.4]])
    assert found["columns"] == [("Hits, %", "result"), ("By the model, %", "model")]
    assert found["rows"] == [("0", [("50", "result"), ("40", "model")])]


def test_bars_are_rows_with_their_names():
    chart = Chart("Load", (Line("a", "Load"),), "", shape="bars", names=("one", "two"), x="server")
    found = table(chart, a=[[0, 3], [1, 4]])
    assert [head for head, _ in found["rows"]] == ["one", "two"]
    assert found["head"] == "Server"


def test_a_curve_has_its_own_values_and_no_more_rows_than_a_reader_takes():
    chart = Chart("Curve", (Line("a", "Mean"),), "ms", x="cache size (%)", log_x=True)
    found = table(chart, a=[[x / 10, x] for x in range(1, 500)])
    assert found["head"] == "Cache size (%)"
    assert found["rows"][0][0] == "0.1"
    assert found["rows"][-1][0] == "49.9"
    assert len(found["rows"]) <= MOST_ROWS + 1
