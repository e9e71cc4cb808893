"""Signing in through a provider of the office (OpenID Connect): code flow with PKCE, state and nonce, the token's
signature checked. Nothing is contacted unless `oidc_issuer` is set and somebody presses the button."""

from __future__ import annotations

import ipaddress
import logging
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import current_app
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response

from gongwen.errors import SettingsError
from gongwen.settings import Settings
from web.security import Refusal

_SECONDS = 8
_log = logging.getLogger("gongwen.web")


class Oidc:
    """web.ports.Provider."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError."""
        parts = urlsplit(settings.oidc_issuer)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or ""))
        if not is_safe or not settings.oidc_client:
            raise SettingsError("oidc_issuer 应当是 https:// 开头的地址，并写上 oidc_client")
        self._settings = settings
        self._client: Any = None

    @property
    def label(self) -> str:
        return self._settings.oidc_label

    def begin(self, back: str) -> Response:
        try:
            sent: Response = self._made().authorize_redirect(back)
        except (AuthlibBaseError, RequestException, OSError) as error:
            raise _away(error) from error
        return sent

    def end(self) -> str:
        try:
            token = self._made().authorize_access_token()
        except (RequestException, OSError) as error:
            raise _away(error) from error
        except (AuthlibBaseError, JoseError, ValueError, KeyError) as error:
            _log.warning("sign-in by the provider refused: %s", type(error).__name__)
            raise Refusal("统一身份认证没有成功", "请返回登录页再试一次。", code=403) from error
        told = token.get("userinfo") or {}
        name = told.get(self._settings.oidc_claim)
        if not isinstance(name, str) or not name:
            raise Refusal("统一身份认证没有给出登录名", "请联系管理员核对设置项 oidc_claim。", code=403)
        return name

    def _made(self) -> Any:
        if self._client is None:
            held = self._settings
            address = f"{held.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
            self._client = OAuth(current_app).register(
                "office", server_metadata_url=address, client_id=held.oidc_client, client_secret=held.oidc_secret,
                client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "timeout": _SECONDS},
            )  # fmt: skip
        return self._client


def _away(error: Exception) -> Refusal:
    _log.error("the provider does not answer: %s", type(error).__name__)
    return Refusal("统一身份认证现在连不上", "请稍后再试，或用登录名和密码登录。", code=503)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
