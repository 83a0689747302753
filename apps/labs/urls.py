from django.urls import path, register_converter

from apps.labs import feeds, views


class RunId:
    """What `new_run_id` makes, and nothing else: sixteen letters, digits, dashes and underscores."""

    regex = "[A-Za-z0-9_-]{16}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(RunId, "run")

urlpatterns = [
    path("labs/", views.lab_list, name="labs"),
    path("labs/<slug:slug>/", views.lab, name="lab"),
    path("labs/<slug:slug>/runs/", views.start, name="start-run"),
    path("runs/<run:run_id>/", views.run, name="run"),
    path("runs/<run:run_id>/queue", views.queue, name="run-queue"),
    path("runs/<run:run_id>/stop/", views.stop, name="stop-run"),
    path("runs/<run:run_id>/events", feeds.events, name="run-events"),
    path("runs/<run:run_id>/points", feeds.points, name="run-points"),
    path("runs/<run:run_id>/data.json", feeds.result_json, name="run-json"),
    path("runs/<run:run_id>/data.csv", feeds.series_csv, name="run-csv"),
]
