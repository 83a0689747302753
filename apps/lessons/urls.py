from django.urls import path

from apps.lessons import feeds, reading_views, views, word_views

urlpatterns = [
    path("feed.atom", feeds.atom, name="atom"),
    path("feed.rss", feeds.rss, name="rss"),
    path("learn/", views.learn, name="learn"),
    path("learn/read/", reading_views.lessons, name="lessons-read"),
    path("learn/<slug:track>/", views.track, name="track"),
    path("learn/<slug:track>/book/", views.book, name="book"),
    path("learn/<slug:track>/book.epub", views.epub, name="epub"),
    path("learn/<slug:track>/<slug:slug>/", views.lesson, name="lesson"),
    path("learn/<slug:track>/<slug:slug>/read/", reading_views.mark, name="read"),
    path("learn/<slug:track>/<slug:slug>/quiz/", views.quiz, name="quiz"),
    path("learn/<slug:track>/<slug:slug>/quiz/<slug:question_id>/", views.answer_question, name="answer-question"),
    path("glossary/", word_views.glossary, name="glossary"),
    path("glossary/terms.json", word_views.terms, name="glossary-terms"),
    path("concepts/", word_views.concepts, name="concepts"),
    path("concepts/<slug:slug>/", word_views.concept, name="concept"),
]
