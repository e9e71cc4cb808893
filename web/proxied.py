"""A site behind proxies of the office: what they say of the browser is believed, and nobody else."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def behind(app: Flask, proxies: int) -> None:
    """0: there is none, and whatever a request says of itself is not heeded (a forged address would get around the
    lock-out)."""
    if proxies > 0:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies, x_port=0, x_prefix=0
        )
