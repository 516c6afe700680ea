"""Debian's nginx and Caddy as the files of deploy/ set them up, each with a certificate of its own."""

import http.client
import os
import socket
import ssl
import subprocess

from tests.debian import find
from tests.serving import free_port

from .machines import HOST, answer, shipped


class Proxy:
    """A program before all others, with a certificate of its own for the portal's name."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder, self.port, self.process = folder, free_port(), None
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
                *("-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"),
                *("-keyout", self.key, "-out", self.certificate),
            ],
            check=True,
            capture_output=True,
        )
        self.context = ssl.create_default_context(cafile=str(self.certificate))

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)

    def connection(self, source=None, timeout=50):
        return Connection(self, source, timeout)

    def get(self, path, source=None, **headers):
        """Return (status, headers, body) over a connection of its own."""
        return answer(self.connection(source), path, headers)


class Caddy(Proxy):
    """Debian's Caddy with deploy/Caddyfile."""

    def __init__(self, folder, changes):
        super().__init__(folder)
        site = shipped(
            "Caddyfile",
            {
                "{\n\tservers": "{\n\tadmin off\n\tauto_https disable_redirects\n\tservers",
                f"\n{HOST} {{": f"\n{HOST}:{self.port} {{\n\ttls {self.certificate} {self.key}",
            }
            | changes,
        )
        (folder / "Caddyfile").write_text(site)

    def start(self):
        own = {name: str(self.folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        self.process = subprocess.Popen(
            [find("caddy"), "run", "--adapter", "caddyfile", "--config", self.folder / "Caddyfile"],
            env=os.environ | own,
            stderr=subprocess.DEVNULL,
        )


class Nginx(Proxy):
    """Debian's nginx with deploy/nginx.conf."""

    def __init__(self, folder, changes):
        super().__init__(folder)
        letsencrypt = f"/etc/letsencrypt/live/{HOST}"
        site = shipped(
            "nginx.conf",
            {
                f"{letsencrypt}/fullchain.pem": self.certificate,
                f"{letsencrypt}/privkey.pem": self.key,
                "/var/cache/portal-nginx": folder / "cache",
                "/var/log/nginx/portal.log": folder / "access.log",
                "listen 443 ": f"listen 127.0.0.1:{self.port} ",
                "listen 80": f"listen 127.0.0.1:{free_port()}",
                "127.0.0.1:8009": f"127.0.0.1:{free_port()}",
            }
            | changes,
        )
        (folder / "site.conf").write_text(site)
        main = f"pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; daemon off;\n"
        temporary = "".join(
            f"{name}_temp_path {folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;\n" if os.geteuid() == 0 else ""
        inside = f"http {{ access_log off;\n{temporary} include {folder}/site.conf; }}\n"
        (folder / "nginx.conf").write_text(f"{user}{main}events {{ worker_connections 768; }}\n{inside}")

    def command(self, *more):
        return [find("nginx"), "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log", *more]

    def check(self):
        """Return what `nginx -t` says."""
        run = subprocess.run(self.command("-t"), capture_output=True, text=True, timeout=20)
        return run.returncode, run.stderr

    def start(self):
        self.process = subprocess.Popen(self.command(), stderr=subprocess.DEVNULL)


class Connection(http.client.HTTPSConnection):
    """To the portal's name, wherever it is."""

    def __init__(self, proxy, source, timeout):
        super().__init__(HOST, context=proxy.context, timeout=timeout)
        self.proxy, self.source = proxy, source

    def connect(self):
        plain = socket.create_connection(
            ("127.0.0.1", self.proxy.port), self.timeout, (self.source, 0) if self.source else None
        )
        self.sock = self.proxy.context.wrap_socket(plain, server_hostname=HOST)
