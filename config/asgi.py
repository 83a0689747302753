"""What does the web server run? Static files from WhiteNoise, everything else from Django, in one process."""

import os
from contextlib import nullcontext

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_asgi_application()

from django.conf import settings  # noqa: E402  (after Django is set up)

from apps.core import bodies, streaming  # noqa: E402
from apps.core.static import StaticApplication, is_hashed  # noqa: E402

static_application = StaticApplication(
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    immutable_file_test=is_hashed,
    allow_all_origins=False,
    autorefresh=settings.DEBUG,
)


async def application(scope: dict, receive: object, send: object) -> None:
    """Send `/static/` past Django: its middleware would cost each file two thread hops and add nothing."""
    if scope["type"] == "http" and scope["path"].startswith(settings.STATIC_URL):
        await static_application(scope, receive, send)
    elif scope["type"] == "http" and bodies.announced_bytes(scope) > bodies.MOST_BYTES:
        await bodies.refuse(send)
    else:
        try:
            async with streaming.shared_thread() if streaming.is_stream(scope) else nullcontext():
                await django_application(scope, bodies.counted(receive), send)
        except bodies.TooLarge:
            await bodies.refuse(send)
