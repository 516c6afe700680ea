"""How a page is cited (in words and as BibTeX, with the documents it was read in), and how it is embedded."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import escape
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.korea import NAMES, SLUG
from portal.models import Document

# What something was read in, and the place in it, which may be empty.
Source = tuple[Document, str]

# Braces cannot be escaped by a backslash: BibTeX counts them all the same.
BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "&%$#_"},
    }
)


def bibtex_text(words: object) -> str:
    """Return these words as BibTeX prints them: on one line, nothing in them a command."""
    return printable(words).translate(BIBTEX)


def bibtex_address(address: str) -> str:
    """Return an address for a field that BibTeX takes as it is; only what would end the field is encoded."""
    return re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", address)


def printable(words: object) -> str:
    """Return these words without control characters, on one line."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", str(words)).split())


@dataclass
class Citation:
    """What is cited (a record, or a list with its filters in words), where it stands, and its sources."""

    title: str
    address: str
    sources: Sequence[Source]
    filters: Sequence[str] = ()
    count: str = ""

    def __post_init__(self) -> None:
        self.date = timezone.localdate()

    @property
    def heading(self) -> str:
        """Return the title with the filters and the count in words."""
        filters = f" ({'; '.join(self.filters)})" if self.filters else ""
        count = f", {self.count}" if self.count else ""
        return printable(f"{self.title}{filters}{count}")

    @property
    def sources_in_words(self) -> str:
        words = []
        for document, locator in self.sources:
            place = f", {locator}" if locator else ""
            words.append(
                f"{document.authors}: {document.title}. {document.publisher}, {document.published}{place}"
            )
        return printable("; ".join(words))

    @property
    def date_in_words(self) -> str:
        return format_date(self.date, "j F Y")

    @property
    def text(self) -> str:
        """Return the citation as a sentence for a footnote."""
        portal = _("In: %(portal)s") % NAMES
        if self.sources:
            portal = _("%(portal)s, after %(sources)s") % {
                "portal": portal,
                "sources": self.sources_in_words,
            }
        retrieved = _("retrieved %(date)s") % {"date": self.date_in_words}
        return f"{self.heading}. {portal}. {self.address} ({retrieved})."

    @property
    def bibtex(self) -> str:
        """Return the citation as a BibTeX entry. Its key is the same for the same address."""
        fields = {
            "title": f"{{{bibtex_text(self.heading)}}}",
            "author": f"{{{bibtex_text(NAMES['portal'])}}}",
            "year": self.date.year,
            "note": bibtex_text(_("After %(sources)s") % {"sources": self.sources_in_words}),
            "url": bibtex_address(self.address),
            "urldate": self.date.isoformat(),
        }
        if not self.sources:
            del fields["note"]
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{self.key},\n{lines}}}"

    @property
    def key(self) -> str:
        name = slugify(self.title)[:40].strip("-") or "record"
        return f"{SLUG}-{name}-{zlib.crc32(self.address.encode()):08x}"


def embed_code(address: str, title: str) -> str:
    """Return, as plain text, the HTML that shows the page at ``address`` in another one."""
    attributes = f'src="{escape(address)}" title="{escape(title)}" width="640" height="920" loading="lazy"'
    return f"<iframe {attributes}></iframe>"
