"""The security headers that stand on every answer, whoever made it: a page, a static file, a refusal.

Django's SecurityMiddleware and django-csp give those of pages; what passes by them is complete here.
"""

from collections.abc import Iterable, Mapping

from django.conf import settings

from .access_log import App, Message, Receive, Scope, Send

# What scripts of ours ask a browser for is to copy (static/js/shortlist/); all else that is powerful is off.
FEATURES = {"clipboard-write": "(self)"} | dict.fromkeys(
    (
        "accelerometer",
        "autoplay",
        "camera",
        "clipboard-read",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "gamepad",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    ),
    "()",
)
PERMISSIONS_POLICY = ", ".join(f"{name}={who}" for name, who in sorted(FEATURES.items()))

ALLOW_ORIGIN = b"access-control-allow-origin"
CSP = b"content-security-policy"
CORP = b"cross-origin-resource-policy"
HSTS = b"strict-transport-security"


def strict_transport_security() -> str:
    """Return the value of that header by the settings, as SecurityMiddleware makes it; "" for none."""
    if not settings.SECURE_HSTS_SECONDS:
        return ""
    return (
        f"max-age={settings.SECURE_HSTS_SECONDS}"
        f"{'; includeSubDomains' if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ''}"
        f"{'; preload' if settings.SECURE_HSTS_PRELOAD else ''}"
    )


def resource_policy(given: Mapping[bytes, bytes]) -> bytes:
    """Return who may take an answer along: anyone, where any script may read it or any page may frame it."""
    is_shared = given.get(ALLOW_ORIGIN) == b"*" or b"frame-ancestors *" in given.get(CSP, b"")
    return b"cross-origin" if is_shared else b"same-origin"


class SecurityHeaders:
    """An ASGI application around another that adds to its answers what they lack."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.always = {
            b"x-content-type-options": b"nosniff",
            b"referrer-policy": settings.SECURE_REFERRER_POLICY.encode(),
            b"cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY.encode(),
            b"permissions-policy": PERMISSIONS_POLICY.encode(),
        }
        self.hsts = (HSTS, strict_transport_security().encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = self.completed(scope["scheme"], message["status"], message.get("headers", ()))
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, sending)

    def completed(
        self, scheme: str, status: int, headers: Iterable[tuple[bytes, bytes]]
    ) -> list[tuple[bytes, bytes]]:
        """Return the headers with those that are missing; a 304 leaves those that a reader has kept."""
        complete = list(headers)
        given = {name.lower(): value for name, value in complete}
        if scheme == "https" and self.hsts[1] and HSTS not in given:
            complete.append(self.hsts)
        if status != 304:
            complete += [(name, value) for name, value in self.always.items() if name not in given]
            if CORP not in given:
                complete.append((CORP, resource_policy(given)))
        return complete
