"""Which address is which page?"""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.core.urls")),
    path("", include("apps.pages.urls")),
    path("", include("apps.lessons.urls")),
    path("", include("apps.labs.urls")),
    path("", include("apps.search.urls")),
]
