"""The same records as CSV, JSON, GeoJSON and KML. ``QuerySet.exported()`` makes them."""

import csv
import io
import json
import re
from xml.etree import ElementTree

from django.http import HttpResponse

# Excel reads Hangul only after a byte order mark, and runs cells that start with one of these; some of its
# language versions take the full-width signs too.
BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutralise(value):
    """Return a cell's text, with an apostrophe before what a spreadsheet would run as a formula."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def to_csv(columns, records):
    """Return the records as the text of a CSV file whose heading is ``columns``."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([neutralise(record[column]) for column in columns] for record in records)
    return text.getvalue()


def to_json(columns, records):
    """Return ``{"count": n, "results": [...]}`` as text."""
    return json.dumps({"count": len(records), "results": records}, ensure_ascii=False)


def to_geojson(columns, records):
    """Return a FeatureCollection as text; a record without a point keeps ``"geometry": null``."""
    features = [
        {"type": "Feature", "id": record["slug"], "geometry": _point(record), "properties": record}
        for record in records
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _point(record):
    if record["latitude"] is None:
        return None
    return {"type": "Point", "coordinates": [record["longitude"], record["latitude"]]}


def to_kml(columns, records):
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


def xml_text(value):
    """Return a value as text that XML can carry: control characters cannot stand in it, even escaped."""
    return "" if value is None else re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", str(value))


FORMATS = {
    "csv": ("text/csv; charset=utf-8", to_csv),
    "json": ("application/json", to_json),
    "geojson": ("application/geo+json", to_geojson),
    "kml": ("application/vnd.google-earth.kml+xml; charset=utf-8", to_kml),
}


def export_response(queryset, suffix, stem):
    """Return the file ``stem.suffix`` of all records of ``queryset``; ``suffix`` is a key of FORMATS."""
    return file_response(suffix, list(queryset.model.public_columns), queryset.exported(), stem)


def file_response(suffix, columns, records, stem):
    """Return the file ``stem.suffix`` of these records, dicts of ``columns``."""
    content_type, render = FORMATS[suffix]
    response = HttpResponse(render(columns, records), content_type=content_type)
    if suffix in ("csv", "kml"):
        response["Content-Disposition"] = f'attachment; filename="{stem}.{suffix}"'
    # Public data, to be read by scripts of any origin.
    response["Access-Control-Allow-Origin"] = "*"
    return response
