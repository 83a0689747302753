from django.urls import path, register_converter

from apps.labs import feeds, study_views, views


class RunId:
    """What `new_run_id` makes for runs and studies, and nothing else: sixteen letters, digits, dashes, underscores."""

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
    path("labs/<slug:slug>/studies/", study_views.start_study, name="start-study"),
    path("labs/<slug:slug>/compare/", views.compare_runs, name="compare-runs"),
    path("runs/<run:run_id>/", views.run, name="run"),
    path("runs/<run:run_id>/queue", views.queue, name="run-queue"),
    path("runs/<run:run_id>/stop/", views.stop, name="stop-run"),
    path("runs/<run:run_id>/cause/", views.explain_run, name="explain-run"),
    path("runs/<run:run_id>/events", feeds.events, name="run-events"),
    path("runs/<run:run_id>/points", feeds.points, name="run-points"),
    path("runs/<run:run_id>/data.json", feeds.result_json, name="run-json"),
    path("runs/<run:run_id>/data.csv", feeds.series_csv, name="run-csv"),
    path("studies/<run:study_id>/", study_views.study, name="study"),
    path("studies/<run:study_id>/stop/", study_views.stop_study, name="stop-study"),
    path("studies/<run:study_id>/cause/", study_views.explain_study, name="explain-study"),
    path("studies/<run:study_id>/data.json", study_views.study_json, name="study-json"),
    path("studies/<run:study_id>/data.csv", study_views.study_csv, name="study-csv"),
]
