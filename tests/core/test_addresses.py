import pytest
from django.test import RequestFactory

from apps.core.addresses import client_address


@pytest.mark.parametrize(
    ("peer", "counted_as"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("::1", "::1"),
        ("", "local"),
    ],
)
def test_one_customer_is_one_address(peer, counted_as):
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer)) == counted_as
