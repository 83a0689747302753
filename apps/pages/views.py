"""Which pages belong to no part? The first one, and the one that says how the site works."""

from collections import Counter

from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.experiments.registry import experiments
from apps.lessons.shelf import keeper
from apps.pages.opening import opening_bet


@require_safe
async def home(request):
    """Show what this is, one bet to make, and what there is today."""
    labs, shelf = experiments(), await keeper.get()
    kinds = Counter(lab.kind for lab in labs.values())
    context = {"rows": shelf.rows, "measured": kinds["measured"], "simulated": kinds["simulated"]}
    return render(request, "pages/home.html", {**context, "bet": opening_bet(labs)})


@require_safe
async def about(request):
    """Say what measured and simulated mean here, and what is kept about a visitor."""
    return render(request, "pages/about.html")
