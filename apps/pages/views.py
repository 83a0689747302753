"""Which pages belong to no part? The first one, and the one that says how the site works."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.experiments.registry import experiments
from apps.lessons.shelf import keeper
from apps.pages.opening import opening_bet


@require_safe
async def home(request):
    """Show what this is, one bet to make, and what there is today."""
    labs, shelf = experiments(), await keeper.get()
    lessons = [lesson for row in shelf.rows for lesson in row.lessons]
    return render(request, "pages/home.html", {"labs": labs, "lessons": lessons, "bet": opening_bet(labs)})


@require_safe
async def about(request):
    """Say what measured and simulated mean here, and what is kept about a visitor."""
    return render(request, "pages/about.html")
