"""Do timelines in the case of the social feed hold each post once, newest first, celebrities merged in?"""

import os

import pytest
import redis

from tests.lessons.tabs import module_of_tab

feed = module_of_tab("interview/04-case-study-social-feed", "Python")


@pytest.fixture
def cache():
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        keys = ["timeline:brian", "timeline:grace", "posts:ada", "posts:star"]
        client.delete(*keys)
        yield client
        client.delete(*keys)


def seen(cache, user="brian", celebrities=(), gone=(), most=20):
    return feed.home(cache, user, celebrities, lambda ids: [None if post in gone else post for post in ids], most)


def test_a_post_reaches_every_follower_newest_first(cache):
    feed.fan_out(cache, "a", 1_000, ["brian", "grace"])
    feed.fan_out(cache, "b", 2_000, ["brian"])
    assert seen(cache) == ["b", "a"]
    assert seen(cache, "grace") == ["a"]


def test_a_fan_out_that_is_repeated_changes_nothing(cache):
    for _ in range(2):
        feed.fan_out(cache, "a", 1_000, ["brian"])
    assert seen(cache) == ["a"]


def test_a_timeline_keeps_its_newest_entries_only(cache):
    for number in range(feed.KEPT + 5):
        feed.fan_out(cache, f"p{number}", number, ["brian"])
    assert cache.zcard("timeline:brian") == feed.KEPT
    assert seen(cache)[0] == f"p{feed.KEPT + 4}"


def test_a_celebrity_is_not_copied_but_merged_in_its_place(cache):
    assert feed.fan_out(cache, "s", 1_500, ["brian"] * feed.CELEBRITY) == 0
    feed.post(cache, "star", "s", 1_500)
    feed.fan_out(cache, "a", 1_000, ["brian"])
    feed.fan_out(cache, "b", 2_000, ["brian"])
    assert seen(cache, celebrities=["star"]) == ["b", "s", "a"]


def test_what_was_deleted_is_left_out_and_the_page_still_filled(cache):
    for number in range(5):
        feed.fan_out(cache, f"p{number}", number, ["brian"])
    assert seen(cache, gone={"p4", "p2"}, most=3) == ["p3", "p1", "p0"]


def test_times_of_this_century_fit_into_a_score(cache):
    feed.fan_out(cache, "late", 4_102_444_800_001, ["brian"])
    assert cache.zscore("timeline:brian", "late") == 4_102_444_800_001
