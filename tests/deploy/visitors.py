"""Who comes through a proxy: readers who go on reading, and an editor who logs in and saves forms."""

import http.client
import re
import threading
import time
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from .machines import HOST, answer


class Readers:
    """So many visitors who go on reading, each over a connection of its own, until the block ends.

    ``new``: every other address has a mark of a mailing in it, another each time, so that the proxy has no
    copy of what each portal keeps.
    """

    def __init__(self, proxy, paths, count=3, pause=0.02, new=False):
        self.proxy, self.paths, self.pause, self.new = proxy, paths, pause, new
        self.statuses, self.slowest, self.ending = [], 0.0, threading.Event()
        self.threads = [threading.Thread(target=self.read, args=(place,)) for place in range(count)]

    def read(self, place):
        connection = self.proxy.connection(timeout=30)
        # Bounded, whatever the test does.
        for turn in range(place, place + 3_000):
            if self.ending.is_set():
                break
            path = self.paths[turn % len(self.paths)]
            if self.new and turn % 2:
                path += f"{'&' if '?' in path else '?'}utm_source={place}-{turn}"
            begun = time.monotonic()
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                response.read()  # what is cut short raises IncompleteRead
                self.statuses.append(response.status)
            except (OSError, http.client.HTTPException) as error:
                self.statuses.append(type(error).__name__)
                connection.close()
            self.slowest = max(self.slowest, time.monotonic() - begun)
            time.sleep(self.pause)
        connection.close()

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_arguments):
        self.ending.set()
        for thread in self.threads:
            thread.join(40)

    def lost(self):
        """Return all answers but those that were meant."""
        return [status for status in self.statuses if status != 200]


class Form(HTMLParser):
    """What a form of the admin would send as it stands."""

    def __init__(self, page):
        super().__init__()
        self.values, self.select, self.area = [], None, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given and self.select:
            self.values.append((self.select, given.get("value", "")))
        elif tag == "textarea":
            self.area = name
            self.values.append((name, ""))
        elif tag == "input" and name and kind not in ("submit", "file", "button"):
            is_box = kind in ("checkbox", "radio")
            if "checked" in given or not is_box:
                self.values.append((name, given.get("value", "on" if kind == "checkbox" else "")))

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.values[-1] = (self.area, self.values[-1][1] + data.removeprefix("\n"))


class Editor:
    """Somebody in a browser who logs in, opens forms and saves them, through nginx."""

    def __init__(self, nginx):
        self.nginx, self.cookies = nginx, {}

    def ask(self, path, method="GET", values=None):
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        if values is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"https://{HOST}{path}",
            }
        data = None if values is None else urlencode(values)
        status, given, body = answer(self.nginx.connection(), path, headers, method, data)
        for line in given.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return status, given, body.decode()

    def log_in(self):
        path = "/admin/login/"
        _status, _headers, page = self.ask(path)
        values = dict(Form(page).values) | {"username": "chief", "password": "correct horse battery staple"}
        status, _headers, page = self.ask(path, "POST", values)
        assert status == 302, page

    def save(self, path, **changes):
        """Open a form, change fields, and save it."""
        status, _headers, page = self.ask(path)
        assert status == 200, page
        values = [(name, text) for name, text in Form(page).values if name not in changes]
        status, headers, page = self.ask(path, "POST", [*values, *changes.items()])
        assert status == 302, re.findall(r'class="errorlist.*', page)
        return headers["Location"]
