"""What does every template know?"""

from django.conf import settings


def site(request):
    """Return the site's address (no trailing slash) and the canonical address of this page."""
    return {"SITE_URL": settings.SITE_URL, "canonical_url": settings.SITE_URL + request.path}
