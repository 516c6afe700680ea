"""The views every app builds on: a public page, a filtered list with its files, one record."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, register_converter, reverse
from django.urls.converters import StringConverter
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import DetailView, View
from django_filters.views import FilterView

from portal.models import Document, Located

from .answers import PUBLIC, VARY
from .citation import Citation, Source
from .exports import FORMATS, file_response, suffixes_for
from .filterset import PortalFilterSet
from .land import locate

# Characters of an address after the "?": enough for a shortlist of 200 names. A page repeats it in its links.
MAX_QUERY_STRING = 12_000


class PublicMixin(View):
    """A page that anyone may read: GET and HEAD only, no cookie, to be kept by whoever asks again."""

    http_method_names = ["get", "head"]

    # A reader needs no token: as nothing but GET and HEAD is answered, anything else is a 405 and not a 403.
    @method_decorator(csrf_exempt)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY_STRING:
            message = _("It is too long: more than %(n)d characters follow the question mark.")
            raise BadRequest(message % {"n": MAX_QUERY_STRING})
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = PUBLIC
        response["Vary"] = VARY
        if not response["Content-Type"].startswith("text/html"):
            # Public data, to be read by scripts of any origin.
            response["Access-Control-Allow-Origin"] = "*"
        return response

    def cite(self, title: object, sources: Sequence[Source] | None = None) -> Citation:
        """Return how the page is cited: after these (document, place in it), or after all documents."""
        if sources is None:
            sources = [(document, "") for document in Document.objects.all()]
        return Citation(
            title=str(title),
            address=self.request.build_absolute_uri(self.request.path),
            sources=sources,
        )


class SuffixConverter(StringConverter):
    """A suffix that stands for a file format."""

    regex = "|".join(FORMATS)


register_converter(SuffixConverter, "suffix")


class FilesMixin(View):
    """A page at ``stem``/ that is also files at ``stem``.csv and so on: those that fit its columns."""

    # The address without slash or suffix; it may hold what names a record, as "statistics/<slug:slug>".
    stem = ""
    # The name of the page's route, its app included; that of the files ends with "_file".
    route = ""

    @classmethod
    def routes(cls) -> list[URLPattern]:
        """Return the two routes, of the page and of its files, for a ``urls.py``."""
        name = cls.route.rpartition(":")[2]
        return [
            path(f"{cls.stem}/", cls.as_view(), name=name),
            path(f"{cls.stem}.<suffix:suffix>", cls.as_view(), name=f"{name}_file"),
        ]

    @classmethod
    def file_columns(cls) -> list[str]:
        """Return the columns of the files: those of the model, unless a subclass has its own."""
        raise NotImplementedError

    @classmethod
    def files(cls, query: str = "", **names: str) -> list[tuple[str, str]]:
        """Return (suffix, address) of each file with this query string; ``names`` are those in the stem."""
        return [
            (suffix, with_query(reverse(f"{cls.route}_file", kwargs={**names, "suffix": suffix}), query))
            for suffix in suffixes_for(cls.file_columns())
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        suffix = kwargs.get("suffix")
        if suffix is None:
            return super().get(request, *args, **kwargs)  # type: ignore[misc]  # of the page beside it
        if suffix not in suffixes_for(self.file_columns()):
            raise Http404(_("There is no such file of this page."))
        return self.export(suffix)

    def export(self, suffix: str) -> HttpResponse:
        """Return the file."""
        raise NotImplementedError


class FilteredPaginator(Paginator):
    """The pages of what passes a filterset; of one that cannot be read there is one, and it is empty."""

    filterset: PortalFilterSet

    @cached_property
    def count(self) -> int:
        return self.filterset.total if self.filterset.is_valid() else 0

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        records = (
            self.filterset.matches.part(first, first + self.per_page) if self.count else self.object_list
        )
        return Page(records, number, self)


class FilteredListView(PublicMixin, FilesMixin, FilterView):
    """A filtered list and, by suffix, the same set as a file.

    A subclass gives ``filterset_class``, ``title``, ``stem``, ``route``,
    ``results_template``, and ``columns`` as (sort key or "", heading).
    Bad input answers 400 and keeps what was typed.
    """

    paginate_by = 50
    template_name = "list.html"
    partial_template_name = "_list.html"
    # Whether the large map shows these records, and a visitor can tick some of them for a shortlist.
    mapped = False
    # What the navigation marks as the current part, where that is not the stem.
    section = ""
    # What the map shows, where this is the map.
    show = ""
    # Parameters that say how the records are shown, which "Clear all" keeps.
    drawing_parameters = ()

    @property
    def noun(self) -> Any:
        """Return how the records are counted in words: a lazy plural of ``count``."""
        return self.filterset_class._meta.model.noun

    def get_queryset(self) -> Any:
        records = self.get_filterset_class()._meta.model.objects
        return records.all() if "suffix" in self.kwargs else records.listed()

    def get_filterset_kwargs(self, filterset_class: type[PortalFilterSet]) -> dict[str, Any]:
        # django-filter takes an empty query for no query at all, and would skip the default edition.
        return super().get_filterset_kwargs(filterset_class) | {"data": self.request.GET}

    def get_paginator(self, queryset: QuerySet, *args: Any, **kwargs: Any) -> Paginator:
        paginator = FilteredPaginator(queryset, *args, **kwargs)
        paginator.filterset = self.filterset
        return paginator

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if "suffix" not in kwargs and not self.filterset.is_valid():
            response.status_code = 400
        return response

    @classmethod
    def file_columns(cls) -> list[str]:
        return list(cls.filterset_class._meta.model.public_columns)

    def export(self, suffix: str) -> HttpResponse:
        """Return every record of the filter as a file, or the errors with status 400."""
        filterset = self.get_filterset(self.get_filterset_class())
        if not filterset.is_valid():
            return JsonResponse({"errors": filterset.errors}, status=400)
        stem = self.stem.rpartition("/")[2]
        return file_response(suffix, self.file_columns(), self.exported(filterset), stem)

    def exported(self, filterset: PortalFilterSet) -> list[dict[str, Any]]:
        """Return the records of the filter as dicts of ``file_columns``."""
        return filterset.qs.exported()

    def get_template_names(self) -> list[str]:
        is_part = self.request.htmx  # type: ignore[attr-defined]  # of django-htmx's middleware
        return [self.partial_template_name if is_part else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        query = self.filterset.query_string()
        page = context["page_obj"]
        context |= {
            "section": self.section or self.stem,
            "filterset": self.filterset,
            "query": query,
            "cleared": with_query(self.request.path, self.filterset.query_string_of(self.drawing_parameters)),
            "count": page.paginator.count if page else len(context["object_list"]),
            "sorts": self.sort_links(),
            "files": self.files(query),
        }
        if self.filterset.is_valid():
            context["citation"] = self.citation(query, context["count"])
        if page:
            context["page_range"] = page.paginator.get_elided_page_range(page.number, on_each_side=2)
        return context

    def citation(self, query: str, count: int) -> Citation:
        """Return how the whole set, not this page of it, is cited."""
        return Citation(
            title=str(self.title),
            filters=[str(chip) for chip in self.filterset.chips],
            count=self.noun % {"count": count},
            address=self.request.build_absolute_uri(with_query(self.request.path, query)),
            sources=[(document, "") for document in self.filterset.matches.documents()],
        )

    def sort_links(self) -> list[tuple[str, str, str]]:
        """Return (heading, query string, "ascending", "descending" or "") for each column."""
        current = self.request.GET.get("sort", "")
        links = []
        for key, heading in self.columns:
            direction = {key: "ascending", f"-{key}": "descending"}.get(current, "") if key else ""
            turned = f"-{key}" if direction == "ascending" else key
            links.append((heading, key and self.filterset.query_string(sort=turned), direction))
        return links


def with_query(path: str, query: str) -> str:
    """Return the address of ``path`` with this query string, if there is any."""
    return f"{path}?{query}" if query else path


class PublicDetailView(PublicMixin, DetailView):
    """One record with its source and, if it has one, its place. ``get_located`` says whose point that is."""

    context_object_name = "record"
    section = ""

    def get_located(self) -> Located | None:
        return None

    def get_sources(self) -> list[Source]:
        """Return what the record was read in, as (document, place in it)."""
        return [(self.object.document, self.object.locator)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        located = self.get_located()
        return super().get_context_data(
            **kwargs,
            section=self.section,
            located=located,
            place=located and locate(located.latitude, located.longitude),
            citation=self.cite(getattr(self.object, "citation_title", self.object), self.get_sources()),
        )
