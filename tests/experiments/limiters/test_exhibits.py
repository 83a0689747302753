import pytest

from apps.experiments.limiters.exhibits import in_whole_seconds, too_many_requests, unavailable
from tests.experiments.limiters.conftest import settings_of


@pytest.mark.parametrize(("wait_us", "seconds"), [(1, 1), (999_999, 1), (1_000_000, 1), (1_000_001, 2)])
def test_whole_seconds_are_never_too_early(wait_us, seconds):
    assert in_whole_seconds(wait_us) == seconds


def test_a_rejection_says_what_the_limit_is_and_when_to_come_again():
    head = too_many_requests(settings_of(algorithm="gcra", limit=50, window_s=2), 1_250_000)
    assert head.splitlines()[:4] == [
        "HTTP/1.1 429 Too Many Requests",
        "Retry-After: 2",
        'RateLimit-Policy: "gcra";q=50;w=2',
        'RateLimit: "gcra";r=0;t=2',
    ]
    assert "1.250000 s" in head


def test_a_limiter_that_is_down_does_not_blame_the_customer():
    assert unavailable(1_000_000).splitlines() == ["HTTP/1.1 503 Service Unavailable", "Retry-After: 1"]
