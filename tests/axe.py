"""WCAG 2.2 AA by axe, in an open page."""

from axe_playwright_python.sync_playwright import Axe

# All of axe's rules, those of WCAG 2.2 too, which it leaves out unless asked.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def may_overlap(rule, node):
    """Tell whether this is a marker or area near another, where the places themselves are near each other.

    WCAG 2.5.8 allows it: the list beside or under the map has the same links, and the filters the same
    regions, large enough. Nor is a control too near an area that ends, cut off, at the map's edge: axe
    measures the whole.
    """
    near = [related["html"] for check in node["any"] for related in check["relatedNodes"]]
    if rule["id"] != "target-size":
        return False
    return is_drawn(node["html"]) or bool(near and all(map(is_drawn, near)))


def is_drawn(html):
    return any(sign in html for sign in ("leaflet-marker-icon", 'class="region ', 'class="mark'))


def violations(page):
    """Return the rules that the page breaks, each with the first place where it does."""
    found = []
    for rule in Axe().run(page, options=OPTIONS).response["violations"]:
        nodes = [node for node in rule["nodes"] if not may_overlap(rule, node)]
        if nodes:
            found.append(f"{rule['id']} ({len(nodes)}): {nodes[0]['html']} {nodes[0]['failureSummary']}")
    return found
