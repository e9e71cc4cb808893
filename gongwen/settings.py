"""Settings: defaults < gongwen.yml (or the file GONGWEN_SETTINGS names) < environment (GONGWEN_CORPUS, …)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from gongwen import yamlio
from gongwen.errors import RuleError, SettingsError
from gongwen.logs import FORMATS

ROOT = Path(__file__).resolve().parent.parent
"""Where the program stands: rules/ and corpus/ are beside the packages."""

SHIPPED = Path(os.environ.get("GONGWEN_SHIPPED_RULES") or ROOT / "rules").resolve()
"""The rules that come with the program. Another folder only in the children of `rules diff`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Paths are absolute. `rules` is the office's own folder, merged over ours; None: none."""

    corpus: Path = ROOT / "var" / "corpus"
    rules: Path | None = None
    engine: str = "whoosh"
    """The search engine: whoosh, or tantivy where requirements-fast.txt is installed. Another one is another index."""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    free_space_mb: int = 500
    max_file_mb: int = 100
    pictures_mb: int = 1000
    """Room for pictures of pages; the oldest are thrown out."""
    log_format: str = "text"
    """How `serve` logs: text, or json (one object a line, requests too)."""
    office: str = "公文库"
    second_factor: str = "admin"
    """Who must have a second factor to sign in: admin, all or none; others may."""
    anchors: Path | None = None
    """Where anchors of the trail are written: outside the corpus, best on another machine."""
    access: Path | None = None
    """Rules on who sees which papers (docs/accounts.md); None: everybody sees all."""
    retention: Path | None = None
    """Rules on when papers are due to be withdrawn; None: never."""
    withdrawn: str = "seal"
    """What becomes of the original of a withdrawn paper: seal (kept in CORPUS/sealed, never served) or destroy."""
    site_hosts: str = ""
    """Names that the site answers to when other computers can connect, separated by commas."""
    limits: str = ""
    """Requests a minute that an account may make, by kind (search 200, export 60), or off (docs/accounts.md)."""
    proxies: int = 0
    """How many proxies of the office stand before the site; what they say of the browser is believed."""
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = ""
    oidc_claim: str = "preferred_username"
    """What the provider tells that is the login name here."""
    oidc_label: str = "单位统一身份认证"
    ldap_url: str = ""
    """ldaps://server, or ldap://server with STARTTLS."""
    ldap_user: str = ""
    """The name that people sign in to the directory with: uid={name},ou=people,dc=example or {name}@example."""
    ldap_ca: Path | None = None
    """The certificate that signs the directory's; None: those that the system trusts."""
    network_disk: bool = False
    """Whether the corpus may be on a network or FUSE file system, where locks and WAL are not reliable."""


UNREADABLE = "没有读取设置文件的权限：{}。请让运行本程序的用户能读它（例如属组 gongwen、权限 0640）"


def settings_path(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Path:
    """Where the settings file is or would be."""
    env = os.environ if environ is None else environ
    return Path(env["GONGWEN_SETTINGS"]) if "GONGWEN_SETTINGS" in env else (folder or Path.cwd()) / "gongwen.yml"


def load_settings(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    env = os.environ if environ is None else environ
    path = settings_path(env, folder)
    settings = Settings()
    if is_there(path, named="GONGWEN_SETTINGS" in env):
        try:
            found = yamlio.load_file(path)
        except RuleError as error:
            raise SettingsError(f"设置文件有误：{error}") from error
        except PermissionError as error:
            raise SettingsError(UNREADABLE.format(path)) from error
        if not isinstance(found, dict):
            raise SettingsError(f"{path}: 设置文件应当是“名称: 值”的形式")
        settings = _merge(settings, found, str(path), path.parent)
    elif "GONGWEN_SETTINGS" in env:
        raise SettingsError(f"GONGWEN_SETTINGS 指定的设置文件不存在：{path}")
    named = {field.name: env[f"GONGWEN_{field.name.upper()}"] for field in fields(Settings)
             if env.get(f"GONGWEN_{field.name.upper()}")}  # fmt: skip
    return _merge(settings, named, "环境变量", Path.cwd())


def is_there(path: Path, *, named: bool = False) -> bool:
    """In a folder that may not be looked into (root's own, by runuser) there is none, unless it was named."""
    try:
        return path.exists()
    except PermissionError as error:
        if named:
            raise SettingsError(UNREADABLE.format(path)) from error
        return False


def _merge(settings: Settings, found: Mapping[str, str], where: str, base: Path) -> Settings:
    known = {field.name for field in fields(Settings)}
    for name, value in found.items():
        if name not in known:
            raise SettingsError(f"{where}: 没有名为 {name} 的设置项（可用：{'、'.join(sorted(known))}）")
        changed: dict[str, Any] = {name: _convert(name, value, where, base)}
        settings = replace(settings, **changed)
    return settings


_CHOICES = {"second_factor": ("none", "admin", "all"), "withdrawn": ("seal", "destroy")}
_YES_NO = {"true": True, "yes": True, "1": True, "是": True, "false": False, "no": False, "0": False, "否": False}


def _convert(name: str, value: str, where: str, base: Path) -> Path | str | int | bool:
    if not isinstance(value, str):
        raise SettingsError(f"{where}: {name} 应当是一个值")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise SettingsError(f"{where}: {name} 只能是 {'、'.join(_CHOICES[name])}，现在是 {value!r}")
    if name in {"corpus", "rules", "anchors", "access", "retention", "ldap_ca"}:
        return (base / Path(value).expanduser()).resolve()
    if name in {"port", "workers", "free_space_mb", "max_file_mb", "pictures_mb", "proxies"}:
        if not value.isdigit():
            raise SettingsError(f"{where}: {name} 应当是整数，现在是 {value!r}")
        return int(value)
    if name == "log_format" and value not in FORMATS:
        raise SettingsError(f"{where}: {name} 应当是 {' 或 '.join(FORMATS)}，现在是 {value!r}")
    if name == "network_disk":
        if value.lower() not in _YES_NO:
            raise SettingsError(f"{where}: {name} 应当是“是”或“否”，现在是 {value!r}")
        return _YES_NO[value.lower()]
    return value
