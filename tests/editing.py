"""What tests of the admin do as an editor: log in, fill in and save forms, bring files in and out."""

import csv
import io
import re

from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils.html import strip_tags

from portal.apps import EDITED_APPS

PASSWORD = "correct horse battery staple"
MODELS = [model for model in admin.site._registry if model._meta.app_label in EDITED_APPS]
# Every page and file on which records of these kinds stand.
PAGES = (
    "/",
    "/about/",
    "/about/discrepancies/",
    "/about/discrepancies.csv",
    "/programme/",
    "/programme/process/",
    "/programme/cooperation/",
    "/programme/location-policy/",
    "/programme/timeline/",
    "/programme/timeline.json",
    "/programme/cluster-programmes/",
    "/organisations/",
    "/organisations.csv",
    "/statistics/",
    "/statistics.json",
    "/stories/",
    "/stories.geojson",
    "/other-clusters/",
    "/sectors/",
    "/sectors/automotive/",
    "/support/?companies=2&cost=30+million",
    "/complexes/gumi/",
    "/regions/pan-regions/daekyung/",
)


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def log_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def form_values(response):
    """Return what the form of a page would send back as it stands, its inlines included."""
    forms = [response.context["adminform"].form]
    for inline in response.context.get("inline_admin_formsets", []):
        forms += [inline.formset.management_form, *inline.formset.forms]
    values = {}
    for bound in (field for form in forms for field in form):
        value = bound.value()
        if value is not None and value is not False:
            values[bound.html_name] = value
    return values


def save(client, record, **changes):
    """Open the record's form, change fields, and press Save."""
    page = address(type(record), "change", record.pk)
    return client.post(page, form_values(client.get(page)) | changes)


def errors(response):
    """Return what the form says beside each field."""
    return dict(response.context["adminform"].form.errors)


def words(response):
    """Return the text of a page, in one line."""
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


def export(client, model, kind="csv", **query):
    formats = [file_format().get_title() for file_format in admin.site._registry[model].formats]
    page = client.get(address(model, "export"), query)
    return client.post(page.wsgi_request.get_full_path(), {"format": formats.index(kind), "resource": "0"})


def upload(client, model, rows, kind="csv"):
    """Choose a file in the import form; return the preview, or the errors."""
    if not isinstance(rows, bytes):
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        rows = text.getvalue().encode("utf-8-sig")
    formats = ["csv", "xlsx"]
    file = SimpleUploadedFile(f"records.{kind}", rows)
    return client.post(
        address(model, "import"), {"import_file": file, "format": formats.index(kind), "resource": "0"}
    )


def confirm(client, model, preview):
    return client.post(address(model, "process_import"), preview.context["confirm_form"].initial, follow=True)


def read_all(client, *more):
    """Ask for every page, as a visitor; each must answer."""
    for page in (*PAGES, *more):
        assert client.get(page).status_code == 200, page


def inlines(response):
    """Return what the rows of a form say: [(prefix, {field: messages})]."""
    return [
        (form.prefix, dict(form.errors))
        for inline in response.context["inline_admin_formsets"]
        for form in inline.formset.forms
        if form.errors
    ]


def as_if_committed():
    """Do what PostgreSQL leaves to the end of a transaction, which a test has not: move the version."""
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
