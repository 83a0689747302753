from django.urls import path

from apps.lessons import views

urlpatterns = [
    path("learn/", views.learn, name="learn"),
    path("learn/<slug:track>/", views.track, name="track"),
    path("learn/<slug:track>/<slug:slug>/", views.lesson, name="lesson"),
    path("learn/<slug:track>/<slug:slug>/quiz/", views.quiz, name="quiz"),
    path("learn/<slug:track>/<slug:slug>/quiz/<slug:question_id>/", views.answer_question, name="answer-question"),
]
