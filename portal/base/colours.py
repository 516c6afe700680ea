"""The colours of our style sheets, for drawings that no style sheet reaches. They stand there alone."""

import re

from django.conf import settings


def light_colours(sheet: str) -> dict[str, str]:
    """Return {token: colour} of a style sheet: "hub" of ``--hub: #…;``. The light scheme stands first."""
    text = (settings.BASE_DIR / "static" / "css" / f"{sheet}.css").read_text(encoding="utf-8")
    return dict(reversed(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text)))
