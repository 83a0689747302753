"""Does the code of the gRPC lesson write the bytes of the standard, and do changes of a contract break as it says?"""

import gzip
import json
import random

import pytest

from tests.lessons.tabs import module_of_tab

LESSON = "backend-design/15-grpc-and-internal-apis"
wire = module_of_tab(LESSON, "Python")
breaking = module_of_tab(LESSON, "Compatibility").breaking
LINE = {1: ("product_id", "int64"), 2: ("qty", "int64"), 3: ("price_cents", "int64")}
ORDER = {
    1: ("id", "int64"),
    2: ("customer_id", "int64"),
    3: ("lines", [LINE]),
    4: ("currency", "string"),
    5: ("status", "int64"),
    6: ("placed_at_ms", "int64"),
}
OLD = {3: ("price", "int64")}
NEW = {3: ("price", "sint64")}


def order(luck, n):
    """Return an order of four lines, like that of the lesson."""
    customer = luck.randrange(200_000)
    lines = [
        {"product_id": luck.randrange(10_000), "qty": luck.randrange(1, 4), "price_cents": luck.randrange(100, 20_000)}
        for _ in range(4)
    ]
    first = {"id": 1_000_000 + n, "customer_id": customer, "lines": lines}
    return first | {"currency": "EUR", "status": 3, "placed_at_ms": 1_795_000_000_000 + n * 60_000}


def known(message):
    """Return a decoded message without the bytes that the reader did not know."""
    if isinstance(message, list):
        return [known(one) for one in message]
    if isinstance(message, dict):
        return {name: known(value) for name, value in message.items() if name != "unknown"}
    return message


@pytest.mark.parametrize(
    ("message", "fields", "expected"),
    [
        ({"a": 150}, {1: ("a", "int64")}, "08 96 01"),  # these three stand in the documentation of the format
        ({"b": "testing"}, {2: ("b", "string")}, "12 07 74 65 73 74 69 6e 67"),
        ({"c": {"a": 150}}, {3: ("c", {1: ("a", "int64")})}, "1a 03 08 96 01"),
        ({"price": 1200}, OLD, "18 b0 09"),
        ({"price": 1200}, NEW, "18 e0 12"),
        ({"price": 0}, OLD, ""),
        ({"count": 300}, {20: ("count", "int64")}, "a0 01 ac 02"),
    ],
)
def test_the_bytes_are_those_of_the_standard(message, fields, expected):
    assert wire.encode(message, fields).hex(" ") == expected


@pytest.mark.parametrize("n", [1, -1, 63, -64, 2**31, -(2**31), 2**63 - 1, -(2**63)])
def test_numbers_survive_the_way(n):
    for fields in (OLD, NEW):
        assert wire.decode(wire.encode({"price": n}, fields), fields)["price"] == n


def test_minus_one_takes_ten_bytes_or_one():
    assert [len(wire.encode({"price": -1}, fields)) for fields in (OLD, NEW)] == [11, 2]


def test_one_word_in_the_contract_doubles_or_halves_the_price():
    assert wire.decode(wire.encode({"price": 1200}, NEW), OLD)["price"] == 2400
    assert wire.decode(wire.encode({"price": 1200}, OLD), NEW)["price"] == 600


def test_an_old_proxy_keeps_what_it_does_not_know():
    new = {1: ("id", "int64"), 7: ("gift", "string"), 8: ("line", LINE)}
    sent = wire.encode({"id": 5, "gift": "yes", "line": {"qty": 2}}, new)
    seen = wire.decode(sent, {1: ("id", "int64")})
    assert known(seen) == {"id": 5}
    assert known(wire.decode(wire.encode(seen, {1: ("id", "int64")}), new)) == {
        "id": 5,
        "gift": "yes",
        "line": {"qty": 2},
    }


def test_a_number_where_text_was_is_unknown_and_no_garbage():
    sent = wire.encode({"coupon": "SUMMER"}, {4: ("coupon", "string")})
    assert known(wire.decode(sent, {4: ("points", "int64")})) == {}


def test_a_number_that_is_used_again_shows_the_wrong_text():
    sent = wire.encode({"internal_note": "bad payer"}, {4: ("internal_note", "string")})
    assert wire.decode(sent, {4: ("coupon", "string")})["coupon"] == "bad payer"


def test_sizes_are_as_the_lesson_says():
    luck = random.Random(1)
    one, many = order(luck, 7), [order(luck, n) for n in range(100)]
    texts = [{"id": n, "title": "t", "description": "A long text of three hundred characters " * 7} for n in range(20)]
    text_fields = {1: ("id", "int64"), 2: ("title", "string"), 3: ("description", "string")}

    def both(message, fields):
        return json.dumps(message, separators=(",", ":")).encode(), wire.encode(message, fields)

    assert [len(data) for data in both(one, ORDER)] == [292, 62]
    plain = both({"orders": many}, {1: ("orders", [ORDER])})
    assert [len(data) for data in plain] == [29_193, 6_465]
    packed = [len(gzip.compress(data)) for data in plain]
    assert 1 < packed[0] / packed[1] < 1.2
    assert packed[0] < len(plain[1])
    as_json, as_bytes = both({"items": texts}, {1: ("items", [text_fields])})
    assert 0.85 < len(as_bytes) / len(as_json) < 1
    assert known(wire.decode(plain[1], {1: ("orders", [ORDER])})) == {"orders": many}


def test_a_message_has_five_bytes_before_it():
    assert wire.frame(b"\x18\xb0\x09").hex(" ") == "00 00 00 00 03 18 b0 09"


@pytest.mark.parametrize(
    ("new", "reserved", "found"),
    [
        ({1: ("id", "int64"), 4: ("coupon", "string"), 5: ("gift", "bool")}, (), []),
        ({1: ("id", "int64")}, (), ["4 (coupon) is gone and not reserved"]),
        ({1: ("id", "int64")}, (4,), []),
        ({1: ("id", "sint64"), 4: ("coupon", "string")}, (), ["1 (id): int64 is read as sint64"]),
        ({1: ("id", "uint32"), 4: ("coupon", "bytes")}, (), []),
        ({1: ("id", "int64"), 4: ("note", "string")}, (), ["4: coupon is called note, which JSON notices"]),
        ({1: ("id", "int64"), 4: ("note", "string")}, (4,), 2),
    ],
)
def test_what_breaks_is_named(new, reserved, found):
    names = breaking({1: ("id", "int64"), 4: ("coupon", "string")}, new, reserved)
    assert len(names) == found if isinstance(found, int) else names == found
