"""Passwords that the office's own directory (LDAP) knows. Asked only for users who were made with it; nothing is
contacted unless `ldap_url` is set. The connection is encrypted, unless the directory is on this machine."""

from __future__ import annotations

import ipaddress
import logging
import ssl
from urllib.parse import urlsplit

from gongwen.errors import SettingsError
from gongwen.settings import Settings

_SECONDS = 6
_PLACE = "{name}"

log = logging.getLogger(__name__)


class Directory:
    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError."""
        parts = urlsplit(settings.ldap_url)
        if parts.scheme not in {"ldap", "ldaps"} or not parts.hostname:
            raise SettingsError(f"ldap_url 应当是 ldaps://服务器 或 ldap://服务器，现在是 {settings.ldap_url!r}")
        if settings.ldap_user.count(_PLACE) != 1:
            raise SettingsError("ldap_user 里要写一次 {name}，例如 uid={name},ou=people,dc=example")
        self._url, self._template, self._ca = settings.ldap_url, settings.ldap_user, settings.ldap_ca
        self._is_here = _is_here(parts.hostname)

    def __call__(self, name: str, password: str) -> bool:
        """Whether the directory lets this name in with this password. One that does not answer lets nobody in."""
        if not password:  # a bind without a password is anonymous, and succeeds
            return False
        from ldap3 import Connection, Server, Tls
        from ldap3.core.exceptions import LDAPException

        tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=str(self._ca) if self._ca else None)
        try:
            server = Server(self._url, tls=tls, connect_timeout=_SECONDS)
            connection = Connection(
                server, user=self._bound(name), password=password, read_only=True, receive_timeout=_SECONDS,
                raise_exceptions=False,
            )  # fmt: skip
            try:
                connection.open()
                if not server.ssl and not self._is_here and not connection.start_tls():
                    raise LDAPException("STARTTLS refused")
                return bool(connection.bind())
            finally:
                connection.unbind()
        except (LDAPException, OSError) as error:
            log.error("the directory does not answer: %s", type(error).__name__)
            return False

    def _bound(self, name: str) -> str:
        """A name cannot say more than a name, whatever signs it holds."""
        from ldap3.utils.dn import escape_rdn

        return self._template.replace(_PLACE, escape_rdn(name) if "=" in self._template else name)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
