"""The same records as CSV, JSON, GeoJSON and KML. ``QuerySet.exported()`` makes them."""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from django.http import HttpResponse

# Excel reads Hangul only after a byte order mark, and runs cells that start with one of these; some of its
# language versions take the full-width signs too.
BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# What a cell may hold, and a record as ``exported()`` gives it: {column: value}.
Value = str | float | None
Record = Mapping[str, Value]


def neutralise(value: Value) -> Value:
    """Return a cell's text, with an apostrophe before what a spreadsheet would run as a formula."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def to_csv(columns: Sequence[str], records: Sequence[Record]) -> str:
    """Return the records as the text of a CSV file whose heading is ``columns``."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([neutralise(record[column]) for column in columns] for record in records)
    return text.getvalue()


def to_json(columns: Sequence[str], records: Sequence[Record]) -> str:
    """Return ``{"count": n, "results": [...]}`` as text."""
    return json.dumps({"count": len(records), "results": records}, ensure_ascii=False)


def to_geojson(columns: Sequence[str], records: Sequence[Record]) -> str:
    """Return a FeatureCollection as text; a record without a point keeps ``"geometry": null``."""
    features = [
        {"type": "Feature", "id": record["slug"], "geometry": _point(record), "properties": record}
        for record in records
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _point(record: Record) -> dict | None:
    if record["latitude"] is None:
        return None
    return {"type": "Point", "coordinates": [record["longitude"], record["latitude"]]}


def to_kml(columns: Sequence[str], records: Sequence[Record]) -> str:
    """Return a KML document as text, with the columns as extended data; some records have no point."""
    root = ElementTree.Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = ElementTree.SubElement(root, "Document")
    for record in records:
        placemark = ElementTree.SubElement(document, "Placemark", id=f"record-{record['slug']}")
        ElementTree.SubElement(placemark, "name").text = xml_text(record["name"])
        data = ElementTree.SubElement(placemark, "ExtendedData")
        for column in columns:
            value = ElementTree.SubElement(ElementTree.SubElement(data, "Data", name=column), "value")
            value.text = xml_text(record[column])
        if record["latitude"] is not None:
            point = ElementTree.SubElement(placemark, "Point")
            coordinates = f"{record['longitude']},{record['latitude']}"
            ElementTree.SubElement(point, "coordinates").text = coordinates
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def xml_text(value: Value) -> str:
    """Return a value as text that XML can carry: control characters cannot stand in it, even escaped."""
    return "" if value is None else re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", str(value))


class Format(NamedTuple):
    """A file format: its content type, and what makes the text out of columns and records.

    ``placed`` says that it is for records with a point, ``attachment`` that a browser saves it.
    """

    content_type: str
    render: Callable[[Sequence[str], Sequence[Record]], str]
    placed: bool = False
    attachment: bool = False


# By suffix. An address, the links on a page and the list of files follow from this.
FORMATS = {
    "csv": Format("text/csv; charset=utf-8", to_csv, attachment=True),
    "json": Format("application/json", to_json),
    "geojson": Format("application/geo+json", to_geojson, placed=True),
    "kml": Format(
        "application/vnd.google-earth.kml+xml; charset=utf-8", to_kml, placed=True, attachment=True
    ),
}


def suffixes_for(columns: Sequence[str]) -> list[str]:
    """Return the suffixes of the formats that fit records of these columns, in their order."""
    return [suffix for suffix, form in FORMATS.items() if "latitude" in columns or not form.placed]


def file_response(suffix: str, columns: Sequence[str], records: Sequence[Record], stem: str) -> HttpResponse:
    """Return the file ``stem.suffix`` of these records, dicts of ``columns``."""
    form = FORMATS[suffix]
    response = HttpResponse(form.render(columns, records), content_type=form.content_type)
    if form.attachment:
        response["Content-Disposition"] = f'attachment; filename="{stem}.{suffix}"'
    return response
