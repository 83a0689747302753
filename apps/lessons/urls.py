from django.urls import path

from apps.lessons import reading_views, views

urlpatterns = [
    path("learn/", views.learn, name="learn"),
    path("learn/read/", reading_views.lessons, name="lessons-read"),
    path("learn/<slug:track>/", views.track, name="track"),
    path("learn/<slug:track>/book/", views.book, name="book"),
    path("learn/<slug:track>/book.epub", views.epub, name="epub"),
    path("learn/<slug:track>/<slug:slug>/", views.lesson, name="lesson"),
    path("learn/<slug:track>/<slug:slug>/read/", reading_views.mark, name="read"),
    path("learn/<slug:track>/<slug:slug>/quiz/", views.quiz, name="quiz"),
    path("learn/<slug:track>/<slug:slug>/quiz/<slug:question_id>/", views.answer_question, name="answer-question"),
]
