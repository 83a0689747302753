"""Do texts point where the site's pages are?"""

from django.urls import reverse

from apps.content import addresses


def test_texts_and_site_agree_on_addresses():
    assert addresses.lesson("blocks/caching") == reverse("lesson", args=["blocks", "caching"])
    assert addresses.quiz("blocks/caching") == reverse("quiz", args=["blocks", "caching"])
    assert addresses.term("ttl") == reverse("glossary") + "#ttl"
    assert addresses.lab("caching") == reverse("lab", args=["caching"])


def test_settings_go_into_the_query_of_a_lab():
    assert addresses.lab("caching", {"a": "1&2"}) == "/labs/caching/?a=1%262"
