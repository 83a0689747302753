from django.urls import path

from apps.pages import outlines, views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("sitemap.xml", outlines.sitemap, name="sitemap"),
    path("robots.txt", outlines.robots, name="robots"),
]
