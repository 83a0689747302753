"""Which pages do words have? The glossary, its data, all concepts, one concept."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.lessons.documents import answer
from apps.lessons.word_pages import concept_page, concepts_page, glossary_page, near_concepts, terms_file


@require_safe
async def glossary(request):
    """Show every word with its definition."""
    return answer(request, await glossary_page())


@require_safe
async def terms(request):
    """Send every word with its definition, for the tips in texts."""
    response = answer(request, await terms_file())
    response["Content-Type"] = "application/json"
    return response


@require_safe
async def concepts(request):
    """Show every concept under the lessons that teach it."""
    return answer(request, await concepts_page())


@require_safe
async def concept(request, slug):
    """Show what there is on one concept."""
    document = await concept_page(slug)
    if document:
        return answer(request, document)
    context = {"near": await near_concepts(slug)}
    return render(request, "lessons/no_concept.html", context, status=404)
