"""Does the code of the lesson on backends for frontends keep its deadline, its shape and its contracts?"""

import asyncio
import json
import random
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from tests.lessons.tabs import module_of_tab

LESSON = "backend-design/13-backend-for-frontend"
collecting = module_of_tab(LESSON, "Python")
views = module_of_tab(LESSON, "Django", collect=collecting.collect, NoScreen=collecting.NoScreen)
contract = module_of_tab(LESSON, "Contract")
measure = module_of_tab(LESSON, "Bytes")
SIZES = (160, 320, 640, 1280, 2560)


WORDS = random.Random(1)


def product(number):
    """A product as a general API would give it: much of it is for others."""
    text = " ".join(f"{WORDS.randrange(5_000):x}" for _ in range(300))
    images = [{"url": f"https://img.example.com/{number}/{width}.jpg", "width": width} for width in SIZES]
    price = {"cents": 1999, "currency": "EUR", "tax_rate": 0.19}
    return {"id": number, "name": f"Lamp {number}", "description": text, "price": price, "images": images}


async def answer(value):
    return value


async def never():
    await asyncio.Event().wait()


async def fails():
    raise ConnectionError


class Services:
    """The services behind; each test replaces what it wants to break."""

    def __init__(self):
        self.asked = []

    async def orders(self, user):
        return [{"id": 17, "parcel": "p1"}, {"id": 18, "parcel": "p2"}]

    async def parcels(self, ids):
        self.asked.append(ids)
        return {"p1": "Berlin"}

    async def products(self, user):
        return [product(1)]

    async def tips(self, user):
        return ["lamps"]


@pytest.fixture
def services():
    return Services()


def home(services):
    """Return status and content of the home screen, with little patience."""
    request = RequestFactory().get("/home")
    request.user_id = 42
    got = asyncio.run(views.home(services, within_s=0.05)(request))
    return SimpleNamespace(status=got.status_code, headers=got.headers, **json.loads(got.content))


def test_what_came_in_time_is_there_and_the_rest_is_cancelled():
    cancelled = []

    async def hangs():
        try:
            await never()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    calls = {"a": answer(1), "b": hangs(), "c": fails()}
    assert asyncio.run(collecting.collect(calls, needed={"a"}, within_s=0.05)) == {"a": 1}
    assert cancelled == [True]


@pytest.mark.parametrize("broken", [never, fails])
def test_without_a_needed_part_there_is_no_screen(broken):
    with pytest.raises(collecting.NoScreen, match="a"):
        asyncio.run(collecting.collect({"a": broken(), "b": answer(2)}, needed={"a"}, within_s=0.05))


def test_calls_that_need_no_other_run_at_the_same_time():
    async def both():
        met = asyncio.Barrier(2)
        return await collecting.collect({"a": met.wait(), "b": met.wait()}, needed={"a", "b"}, within_s=5)

    assert sorted(asyncio.run(both()).values()) == [0, 1], "one after the other they would wait for ever"


def test_the_whole_screen_is_one_private_answer(services):
    screen = home(services)
    assert screen.status == 200
    assert screen.orders == [{"id": 17, "at": "Berlin"}, {"id": 18, "at": None}]
    assert screen.products == [
        {"id": 1, "name": "Lamp 1", "price": "19.99 EUR", "picture": "https://img.example.com/1/320.jpg"}
    ]
    assert screen.missing == []
    assert screen.headers["Cache-Control"].startswith("private")
    assert services.asked == [["p1", "p2"]], "one call for all parcels"


def test_a_late_luxury_is_left_out_and_named(services):
    services.tips = lambda user: never()
    screen = home(services)
    assert (screen.status, screen.tips, screen.missing) == (200, [], ["tips"])


def test_without_orders_the_phone_is_told_to_come_back(services):
    services.parcels = lambda ids: fails()
    screen = home(services)
    assert (screen.status, screen.headers["Retry-After"]) == (503, "2")


def test_a_contract_finds_what_a_client_would_miss():
    assert contract.broken(product(1)) == []
    changed = product(1)
    changed["price"] = {"amount": 1999, "currency": None}
    changed["images"] = []
    assert contract.broken(changed) == [
        "price.cents is missing",
        "price.currency is NoneType, not str",
        "images.0.url is missing",
    ]


def test_compression_has_taken_most_of_what_trimming_saves():
    whole = [product(number) for number in range(24)]
    cards = [views.card(each) for each in whole]
    (raw, packed), (raw_cards, packed_cards) = measure.sizes(whole), measure.sizes(cards)
    assert raw > 10 * raw_cards
    assert packed - packed_cards < 0.6 * (raw - raw_cards)


@pytest.mark.parametrize(
    ("size", "rounds"), [(900, 1), (14_600, 1), (14_601, 2), (17_051, 2), (43_800, 2), (72_070, 3)]
)
def test_a_new_connection_sends_twice_as_much_each_round(size, rounds):
    assert measure.rounds(size) == rounds
