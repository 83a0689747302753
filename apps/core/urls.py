from django.urls import path

from apps.core import views

urlpatterns = [
    path("health/live", views.live),
    path("health/ready", views.ready),
    path("metrics", views.metrics),
    path("csp-report", views.csp_report),
]
