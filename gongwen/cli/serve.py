"""`gongwen serve`: the site on this machine, by waitress."""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from gongwen.errors import SettingsError
from gongwen.logs import set_up
from gongwen.settings import Settings, load_settings
from gongwen.store import open_store

if TYPE_CHECKING:
    from flask import Flask

THREADS = 12
"""Six of them may be busy with pictures of pages (ingest.pictures.gallery)."""
CONNECTIONS = 800
"""Below the 1,024 files that a process may open: some hundred that say nothing must not keep others out."""
REFUSAL = (
    "拒绝在 {host} 上提供服务：其他计算机将能连接，而连接没有加密，密码和公文可能被窃听。请在前面架设 HTTPS 代理"
    "（见 docs/accounts.md）；确需直接对外开放，请先确认网络可信，再加上 --allow-remote。"
)
WARNING = "注意：{host}:{port} 可以从其他计算机连接，连接没有加密。建立管理员以后，所有页面都要登录才能打开。"
FIRST = (
    "还没有用户：{who}。建立第一个管理员请打开（30 分钟内有效，只能用一次）：\n  {link}\n"
)


@click.command("serve")
@click.option("--host", metavar="地址", help="监听地址，默认 127.0.0.1（只限本机）。")
@click.option("--port", type=click.IntRange(0, 65535), metavar="端口", help="端口，默认 8000；0 为任选空闲端口。")
@click.option("--allow-remote", is_flag=True, help="允许其他计算机不加密地访问（先用启动时显示的链接建立管理员）。")
@click.option("--no-ingest", is_flag=True, help="只供查阅：不接受上传，不收取收件文件夹里的文件。")
@click.option("--debug", is_flag=True, hidden=True)
def command(host: str | None, port: int | None, allow_remote: bool, no_ingest: bool, debug: bool) -> None:
    """启动网站，同时收取上传的文件和收件文件夹（inbox）里的文件。"""
    if debug:
        raise SettingsError("不提供调试模式：调试页面会让访问者在本机运行程序")
    settings = load_settings()
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    warning = check_host(settings, allow_remote=allow_remote)
    if warning:
        click.echo(warning, err=True)
    serve(settings, takes_files=not no_ingest)


def check_host(settings: Settings, *, allow_remote: bool) -> str:
    """What to warn of before serving ('' when only this machine can connect). Raises SettingsError when others could
    and nobody said they may."""
    if is_loopback(settings.host):
        return ""
    if not allow_remote:
        raise SettingsError(REFUSAL.format(host=settings.host))
    return WARNING.format(host=settings.host, port=settings.port)


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect. Names other than localhost may resolve to anything."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.version == 4 and address.is_loopback


def site_names(settings: Settings, loopback: tuple[str, ...]) -> tuple[str, ...] | None:
    """The names that the site answers to; None: any, for an address opened on purpose without saying its names."""
    named = tuple(one.strip() for one in settings.site_hosts.split(",") if one.strip())
    if is_loopback(settings.host):
        return (*loopback, settings.host, *named)
    return (*loopback, settings.host, *named) if named else None


def serve(settings: Settings, *, takes_files: bool = True) -> None:
    """Runs until it is interrupted."""
    from audit.desk import make_desk
    from gongwen.cli.accounts import open_accounts, open_provider, open_sights, open_trail
    from gongwen.cli.checking import Checking
    from gongwen.cli.compose import CorpusInlet
    from gongwen.cli.desk import Desk
    from gongwen.cli.rule_bench import RuleBench
    from gongwen.cli.sights import Followed
    from gongwen.cli.sinks import Sinks
    from gongwen.cli.worker import Worker
    from gongwen.rulebook import load_rulebook
    from gongwen.saved import NAME as SAVED
    from gongwen.saved import SavedSearches
    from index.catalogue.catalogue import open_catalogue
    from index.derived import Derived
    from index.doubt_store import open_doubts
    from index.editions.ledger import open_editions
    from index.following import Following
    from index.sync import open_index
    from ingest.arrivals import read_arrivals
    from ingest.gauges import read_gauges
    from ingest.pictures.gallery import Gallery
    from ingest.relations import read_relations
    from ingest.selftest import alarms
    from ingest.tokens import holder
    from web.app import LOOPBACK, create_app
    from web.intake import journal_arrivals, journal_intake
    from web.keys import load_key
    from web.proxied import behind
    from web.review_desk import ReviewDesk
    from web.workshop import Workshop

    set_up(settings.log_format)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it tells of every request that waits for a thread
    store = open_store(settings)
    store.create()
    with _listen(settings) as listening:  # first, for a port that is taken must not cost the opening of the index
        click.echo("正在打开索引……", err=True)
        index = open_index(settings, outdated="background")
        editions, catalogue = open_editions(settings), open_catalogue(settings)
        if index.is_outdated:
            click.echo("检索引擎或程序版本变了，索引正在后台重建；这期间旧索引照常可用。", err=True)
        hosts = site_names(settings, LOOPBACK)
        accounts, trail = open_accounts(settings), open_trail(settings)
        sights = open_sights(settings)
        gallery = Gallery(store, room=settings.pictures_mb << 20)
        gallery.warm()
        doubts, bench = open_doubts(settings), RuleBench(settings)
        following = Following(Followed(Sinks(Derived(index, catalogue), editions, store), sights), doubts)
        review = ReviewDesk(store, doubts, following, partial(load_rulebook, settings))
        app = create_app(
            settings, papers=store, finder=index, intake=journal_intake(store.journal, alarms()),
            relations=partial(read_relations, store.journal), hosts=hosts,
            inlet=CorpusInlet(settings) if takes_files else None, token=partial(holder, store.journal),
            pictures=gallery, linked=editions, desk=Desk(settings, store, works=takes_files),
            catalogue=catalogue, arrivals=journal_arrivals(store.journal),
            review=review, bench=bench, key=load_key(settings.corpus),
            drafting=Workshop.over(settings.corpus),
            checker=Checking(settings, catalogue, store),
            aids=index, saved=SavedSearches(settings.corpus / SAVED), came=read_arrivals(store.journal),
            gauges=partial(read_gauges, settings.corpus),
            accounts=accounts, trail=trail, audiences=sights, provider=open_provider(settings),
            auditor=partial(make_desk, settings, catalogue),
        )  # fmt: skip
        behind(app, settings.proxies)
        try:
            catalogue.prepare()
            server = make_server(app, listening, settings)
            port = listening.getsockname()[1]
            click.echo(f"网站已启动：http://{settings.host}:{port}/  （按 Ctrl+C 停止）")
            if not accounts.is_on:
                who = "凡在本机打开网站的人都能使用" if is_loopback(settings.host) else "建立管理员以前网站不能使用"
                link = f"http://{settings.host}:{port}/setup/{accounts.link(None)}"
                click.echo(FIRST.format(who=who, link=link), err=True)
            try:
                with Worker() if takes_files else nullcontext():
                    server.run()
            finally:
                server.close()
        finally:
            bench.close()
            if sights is not None:
                sights.close()
            following.close()
            doubts.close()
            catalogue.close()
            index.close()


def make_server(app: Flask, listening: socket.socket, settings: Settings) -> Any:
    """Waitress would take bodies of a gigabyte before the site can refuse them, and would drop what proxies say, which
    web.proxied reads or passes over (and by which /metrics knows that a request came through one)."""
    from waitress.server import create_server

    most = (settings.max_file_mb + 2) << 20
    return create_server(
        app, sockets=[listening], threads=THREADS, ident=None, max_request_body_size=most,
        clear_untrusted_proxy_headers=False, connection_limit=CONNECTIONS, asyncore_use_poll=True, channel_timeout=60,
        cleanup_interval=15,
    )  # fmt: skip


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.getaddrinfo(settings.host, settings.port)  # create_server does not say which of its errors are of names
        return socket.create_server((settings.host, settings.port), family=family)
    except (OSError, UnicodeError) as error:
        raise SettingsError(why_not(settings, error)) from error


def why_not(settings: Settings, error: OSError | UnicodeError) -> str:
    """A closed port in the words of a person who can do something about it."""
    host, port = settings.host, settings.port
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"找不到主机“{host}”，请检查 --host 的写法；只在本机使用时不必写 --host"
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被占用，请关闭占用它的程序，或加 --port {_other(port)} 换一个端口"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"本机没有地址 {host}，请检查 --host 的写法；只在本机使用时不必写 --host"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"没有权限使用端口 {port}，请加 --port {_other(port)} 换一个端口"
    return f"无法在 {host}:{port} 上启动：{error.strerror or error}"


def _other(port: int) -> int:
    return 8001 if port != 8001 else 8002
