"""How does a page say its title and what it is about once, for the browser and for those who pass its address on?"""

from html import unescape

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_block_tag(end_name="endtitled")
def titled(content):
    """Return the title of the window, with the name of the site, and the title under which the page is shared."""
    text = _text(content)
    return format_html('<title>{} · Tradeoff</title>\n  <meta property="og:title" content="{}">', text, text)


@register.simple_block_tag(end_name="enddescribed")
def described(content):
    """Return what the page is about, for search engines and for those with whom it is shared."""
    text = _text(content)
    line = '<meta name="description" content="{}">\n  <meta property="og:description" content="{}">'
    return format_html(line, text, text)


@register.simple_tag(takes_context=True)
def shared_at(context):
    """Return the one address of a page, without its query, on the host that the settings name."""
    if not (address := context.get("canonical_url")):
        return ""
    return format_html('<link rel="canonical" href="{}">\n  <meta property="og:url" content="{}">', address, address)


def _text(content) -> str:
    """Return what a block says: it was escaped when it was rendered."""
    return unescape(content).strip()
