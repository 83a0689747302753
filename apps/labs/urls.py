from django.urls import path

from apps.labs import feeds, views

urlpatterns = [
    path("labs/", views.lab_list, name="labs"),
    path("labs/<slug:slug>/", views.lab, name="lab"),
    path("labs/<slug:slug>/runs/", views.start, name="start-run"),
    path("runs/<str:run_id>/", views.run, name="run"),
    path("runs/<str:run_id>/queue", views.queue, name="run-queue"),
    path("runs/<str:run_id>/stop/", views.stop, name="stop-run"),
    path("runs/<str:run_id>/events", feeds.events, name="run-events"),
    path("runs/<str:run_id>/points", feeds.points, name="run-points"),
    path("runs/<str:run_id>/data.json", feeds.result_json, name="run-json"),
    path("runs/<str:run_id>/data.csv", feeds.series_csv, name="run-csv"),
]
