"""Composition: accounts, trail, sight and sign-in, as the settings say."""

from __future__ import annotations

import getpass
import shutil
from typing import TYPE_CHECKING

from gongwen.accounts.accounts import Accounts
from gongwen.settings import Settings
from gongwen.trail import Trail

if TYPE_CHECKING:
    from gongwen.cli.sights import Sights
    from web.sso import Oidc


def open_accounts(settings: Settings) -> Accounts:
    directory = None
    if settings.ldap_url:
        from gongwen.accounts.directory import Directory

        directory = Directory(settings)
    return Accounts(settings.corpus, directory=directory, words=(settings.office,))


def open_trail(settings: Settings) -> Trail:
    return Trail(settings.corpus, anchors=settings.anchors)


def open_sights(settings: Settings) -> Sights | None:
    """None: there are no rules of access, and nobody is limited. What was made for groups that are no more goes."""
    if settings.access is None and not (settings.corpus / "sights").exists():
        return None
    from gongwen.cli.sights import FOLDER
    from gongwen.cli.sights import open_sights as opened

    sights = opened(settings)
    if sights is None:
        shutil.rmtree(settings.corpus / FOLDER, ignore_errors=True)
    else:
        sights.sweep(Accounts(settings.corpus).all())
    return sights


def open_provider(settings: Settings) -> Oidc | None:
    """None: nobody signs in by a provider."""
    if not settings.oidc_issuer:
        return None
    from web.sso import Oidc

    return Oidc(settings)


def operator() -> str:
    """Who types commands on this machine, as the trail calls them."""
    try:
        return f"{getpass.getuser()}@命令行"
    except (KeyError, OSError):
        return "命令行"
