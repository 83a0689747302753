from dataclasses import replace

from apps.content.labfacts import fingerprint
from tests.content.lab import CACHING, LABS


def test_pages_are_rendered_anew_when_what_they_show_of_a_lab_changes():
    assert fingerprint(LABS) == fingerprint(dict(LABS))
    assert fingerprint(LABS) != fingerprint({"caching": replace(CACHING, title="Other")})
    assert fingerprint(LABS) != fingerprint({})


def test_what_pages_do_not_show_makes_no_difference():
    assert fingerprint(LABS) == fingerprint({"caching": replace(CACHING, caution="Other")})
