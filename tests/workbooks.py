"""Workbooks that no spreadsheet would write: made part by part, for tests of what is refused."""

import io
import zipfile

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPES}.sharedStrings+xml"/>
</Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook {MAIN} xmlns:r="{RELATIONS}">
<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>""",
    "xl/sharedStrings.xml": f"<sst {MAIN}/>",
}


def cell(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(rows, before="", doctype=""):
    """Return the part of a sheet: its rows as XML, and what stands before them."""
    return (
        f"<?xml version='1.0'?>{doctype}<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData></worksheet>"
    )


def workbook(rows="", packing=zipfile.ZIP_DEFLATED, **parts):
    """Return an XLSX file with these rows, or with other parts in place of those it would have."""
    packed = io.BytesIO()
    whole = PARTS | {"xl/worksheets/sheet1.xml": sheet(rows)} | parts
    with zipfile.ZipFile(packed, "w", packing) as archive:
        for name, content in whole.items():
            if content is not None:
                archive.writestr(name, content)
    return packed.getvalue()


HEADING = f"<row>{cell('slug')}{cell('name')}</row>"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
# Ten characters, ten times over, nine times.
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(10))

# What unpacks to gigabytes, or costs them: {what it is: file}.
BOMBS = {
    "a long text": lambda: workbook(HEADING + f"<row>{cell('x' * 30_000_000)}</row>"),
    "packed otherwise": lambda: workbook(
        HEADING + f"<row>{cell('x' * 30_000_000)}</row>", packing=zipfile.ZIP_BZIP2
    ),
    "many empty cells": lambda: workbook("<row>" + "<c/>" * 1_000_000 + "</row>"),
    "cells just within the bounds": lambda: workbook(HEADING + "<row>" + "<c/>" * 490_000 + "</row>"),
    "attributes just within the bounds": lambda: workbook(
        HEADING + "<row " + " ".join(f"a{n}=''" for n in range(450_000)) + "/>"
    ),
    "many shared strings": lambda: workbook(HEADING, **{STRINGS: "<sst>" + "<si/>" * 2_000_000 + "</sst>"}),
    "entities": lambda: workbook(
        **{SHEET: sheet(cell("&e9;"), doctype=f"<!DOCTYPE worksheet [{ENTITIES}]>")}
    ),
    "the largest sheet there can be": lambda: workbook(
        **{SHEET: sheet(HEADING, before='<dimension ref="A1:XFD1048576"/>')}
    ),
    "a row far below": lambda: workbook(HEADING + f'<row r="999999999999">{cell("x")}</row>'),
    "a cell far to the right": lambda: workbook(
        HEADING + '<row><c r="XFD2" t="inlineStr"><is><t>x</t></is></c></row>'
    ),
    "many rows": lambda: workbook(HEADING + f"<row>{cell('a')}{cell('b')}</row>" * 20_000),
    "styles just within the bounds": lambda: workbook(
        HEADING, **{"xl/styles.xml": f"<styleSheet {MAIN}><cellXfs>{'<xf/>' * 49_000}</cellXfs></styleSheet>"}
    ),
    "many styles": lambda: workbook(
        HEADING,
        **{"xl/styles.xml": f"<styleSheet {MAIN}><cellXfs>{'<xf/>' * 900_000}</cellXfs></styleSheet>"},
    ),
}
