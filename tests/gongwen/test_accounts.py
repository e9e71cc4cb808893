"""Users, passwords, sessions, links, second factor, tokens: with a clock that tests turn."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest

from gongwen.accounts import passwords, second
from gongwen.accounts.accounts import Accounts
from gongwen.accounts.attempts import FREE, FREE_OF_ADDRESS
from gongwen.accounts.passwords import why_refused
from gongwen.accounts.sessions import ABSOLUTE, IDLE, UNFINISHED
from gongwen.errors import SettingsError, StoreError
from tests.accounts_kit import OTHER, PASSWORD, Clock, quick_hashes  # noqa: F401  (a fixture)

REAL = passwords._hasher

@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    return Accounts(tmp_path, clock=clock, words=("云州市科学技术协会",))


def admin(accounts: Accounts) -> int:
    return accounts.make("lin", "admin", shown="林若溪", password=PASSWORD).id


def test_nobody_means_no_file_and_no_accounts(accounts: Accounts, tmp_path: Path) -> None:
    assert not accounts.is_on
    assert accounts.all() == [] and accounts.named("lin") is None and accounts.sessions.find("x", 0) is None
    assert list(tmp_path.iterdir()) == []


def test_only_an_administrator_switches_accounts_on(accounts: Accounts) -> None:
    accounts.make("zhou", "viewer", password=PASSWORD)
    assert not accounts.is_on
    admin(accounts)
    assert accounts.is_on


def test_a_lost_file_does_not_switch_them_off(accounts: Accounts, tmp_path: Path) -> None:
    admin(accounts)
    assert accounts.is_on
    (tmp_path / "users.db").unlink()
    assert accounts.is_on


def test_the_file_is_closed_to_others_and_holds_no_password(accounts: Accounts, tmp_path: Path) -> None:
    key = admin(accounts)
    session = accounts.sessions.begin(accounts.get(key), "full", "127.0.0.1", accounts.clock())  # type: ignore[arg-type]
    token = accounts.tokens.issue(key, "脚本", ("read",), accounts.clock())
    link = accounts.link(key)
    path = tmp_path / "users.db"
    assert path.stat().st_mode & 0o777 == 0o600
    held = path.read_bytes()
    assert not any(one.encode() in held for one in (PASSWORD, session, token, link))


def test_a_newer_file_is_refused(accounts: Accounts, tmp_path: Path) -> None:
    admin(accounts)
    with sqlite3.connect(tmp_path / "users.db") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="较新版本"):
        accounts.all()


def test_hashes_cost_at_least_what_owasp_asks() -> None:
    assert REAL.memory_cost >= 19 * 1024 and REAL.time_cost >= 2
    assert REAL.type.name == "ID"


@pytest.mark.parametrize("name", ["LIN", "Ｌｉｎ", " lin "])
def test_a_name_is_one_person_however_it_is_typed(accounts: Accounts, name: str) -> None:
    admin(accounts)
    assert accounts.check(name, PASSWORD, "127.0.0.1").user is not None
    with pytest.raises(SettingsError, match="已有用户"):
        accounts.make(name, "viewer")


@pytest.mark.parametrize("name", ["", "x", "a b", "a<b>", "x" * 41, "a\nb", "../a"])
def test_names_that_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(SettingsError):
        accounts.make(name, "viewer")


@pytest.mark.parametrize(
    "password",
    ["short", "password1234", "123456789012", "qwertyuiop12", "aaaaaaaaaaaaaaaa", "iloveyou1234", "lin-lin-lin-lin",
     "云州市科学技术协会2024年", "x" * 129],
)  # fmt: skip
def test_passwords_that_are_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(SettingsError):
        accounts.make("lin", "viewer", password=password)


@pytest.mark.parametrize("password", [PASSWORD, OTHER, "correct horse battery staple", "v9#Qm2!tLz0@pW"])
def test_passwords_that_are_good(password: str) -> None:
    assert why_refused(password) == ""


def test_a_user_without_a_password_cannot_sign_in(accounts: Accounts) -> None:
    accounts.make("zhou", "viewer")
    assert accounts.check("zhou", "", "127.0.0.1").user is None


@pytest.mark.parametrize("name", ["lin", "nobody"])
def test_wrong_passwords_cost_more_and_more_time_whoever_it_is(accounts: Accounts, clock: Clock, name: str) -> None:
    admin(accounts)
    waits = []
    for _ in range(FREE + 3):
        clock.now += max(waits, default=0) + 1
        waits.append(accounts.check(name, "wrong password", "10.0.0.9").wait)
    assert waits == [0.0] * FREE + [30.0, 60.0, 120.0]


def test_while_locked_out_even_the_right_password_is_not_looked_at(accounts: Accounts, clock: Clock) -> None:
    admin(accounts)
    for _ in range(FREE + 1):
        accounts.check("lin", "wrong password", "10.0.0.9")
    assert accounts.check("lin", PASSWORD, "10.0.0.8").user is None
    clock.now += 31
    assert accounts.check("lin", PASSWORD, "10.0.0.8").user is not None
    assert accounts.check("lin", "wrong password", "10.0.0.8").wait == 0  # forgotten after the right one


def test_an_address_that_tries_many_names_is_locked_out(accounts: Accounts) -> None:
    admin(accounts)
    for at in range(FREE_OF_ADDRESS + 1):
        accounts.check(f"name{at}", "wrong password", "10.0.0.9")
    assert accounts.check("lin", PASSWORD, "10.0.0.9").wait > 0
    assert accounts.check("lin", PASSWORD, "10.0.0.8").user is not None


def test_what_was_typed_as_a_name_is_not_kept(accounts: Accounts, tmp_path: Path) -> None:
    accounts.check("my secret password", "x", "10.0.0.9")
    assert b"my secret password" not in (tmp_path / "users.db").read_bytes()


@pytest.mark.parametrize(("stage", "idle"), [("full", IDLE), ("second", UNFINISHED), ("enrol", UNFINISHED)])
def test_a_session_ends_when_nobody_uses_it(accounts: Accounts, clock: Clock, stage: str, idle: float) -> None:
    user = accounts.get(admin(accounts))
    assert user is not None
    key = accounts.sessions.begin(user, stage, "127.0.0.1", clock())  # type: ignore[arg-type]
    clock.now += idle - 1
    assert accounts.sessions.find(key, clock()) is not None
    clock.now += idle
    assert accounts.sessions.find(key, clock()) is None


def test_a_session_in_use_ends_after_a_day_of_work(accounts: Accounts, clock: Clock) -> None:
    user = accounts.get(admin(accounts))
    assert user is not None
    began = clock.now
    key = accounts.sessions.begin(user, "full", "127.0.0.1", clock())
    while accounts.sessions.find(key, clock()) is not None:
        clock.now += IDLE - 1
    assert 0 <= clock.now - began - ABSOLUTE < IDLE


def test_a_clock_set_back_ends_sessions(accounts: Accounts, clock: Clock) -> None:
    user = accounts.get(admin(accounts))
    assert user is not None
    key = accounts.sessions.begin(user, "full", "127.0.0.1", clock())
    clock.now -= 365 * 86400
    assert accounts.sessions.find(key, clock()) is None


def _disable(accounts: Accounts, user: int) -> None:
    accounts.change(user, disabled=True)


def _password(accounts: Accounts, user: int) -> None:
    accounts.set_password(user, OTHER)


def _role(accounts: Accounts, user: int) -> None:
    accounts.change(user, role="viewer")


def _units(accounts: Accounts, user: int) -> None:
    accounts.change(user, units=("办公室",))


def _link(accounts: Accounts, user: int) -> None:
    accounts.use_link(accounts.link(user), OTHER)


@pytest.mark.parametrize("act", [_disable, _password, _role, _units, _link])
def test_what_ends_all_sessions(accounts: Accounts, act: Callable[[Accounts, int], None]) -> None:
    admin(accounts)
    user = accounts.make("zhou", "editor", password=PASSWORD)
    key = accounts.sessions.begin(user, "full", "127.0.0.1", accounts.clock())
    assert accounts.sessions.find(key, accounts.clock()) is not None
    act(accounts, user.id)
    assert accounts.sessions.find(key, accounts.clock()) is None


def test_there_is_always_an_administrator(accounts: Accounts) -> None:
    key = admin(accounts)
    for change in ({"disabled": True}, {"role": "viewer"}):
        with pytest.raises(SettingsError, match="管理员"):
            accounts.change(key, **change)  # type: ignore[arg-type]
    accounts.make("zhou", "admin", password=PASSWORD)
    accounts.change(key, disabled=True)
    with pytest.raises(SettingsError, match="管理员"):
        accounts.change(accounts.named("zhou").id, role="viewer")  # type: ignore[union-attr]


def test_the_set_up_link_works_once_and_not_for_long(accounts: Accounts, clock: Clock) -> None:
    first, second_link = accounts.link(None), accounts.link(None)
    assert not accounts.may_set_up(first)  # a new one takes the place of the old
    clock.now += 31 * 60
    assert not accounts.may_set_up(second_link)
    with pytest.raises(SettingsError):
        accounts.set_up(second_link, "lin", PASSWORD)
    good = accounts.link(None)
    with pytest.raises(SettingsError):
        accounts.set_up(good, "lin", "short")
    assert accounts.may_set_up(good)  # not used up by a bad password
    assert accounts.set_up(good, "lin", PASSWORD).role == "admin"
    with pytest.raises(SettingsError):
        accounts.set_up(good, "zhou", PASSWORD)
    with pytest.raises(SettingsError):
        accounts.set_up(accounts.link(None), "zhou", PASSWORD)  # there is one already
    assert [one.name for one in accounts.all()] == ["lin"]


def test_a_reset_link_works_once_and_lets_in_who_was_locked_out(accounts: Accounts) -> None:
    key = admin(accounts)
    for _ in range(FREE + 1):
        accounts.check("lin", "wrong password", "10.0.0.9")
    link = accounts.link(key)
    accounts.use_link(link, OTHER)
    assert accounts.check("lin", OTHER, "10.0.0.9").user is not None
    with pytest.raises(SettingsError):
        accounts.use_link(link, PASSWORD)
    assert not accounts.may_set_up(accounts.link(key))


def test_a_code_is_good_once(accounts: Accounts, clock: Clock) -> None:
    key = admin(accounts)
    secret = second.new_secret()
    with pytest.raises(SettingsError):
        accounts.enrol(key, secret, "000000" if pyotp.TOTP(secret).at(clock.now) != "000000" else "000001")
    codes = accounts.enrol(key, secret, pyotp.TOTP(secret).at(clock.now))
    user = accounts.get(key)
    assert user is not None and user.has_second and len(set(codes)) == second.RECOVERY
    assert accounts.check_code(user, pyotp.TOTP(secret).at(clock.now), "a").user is None  # used to enrol
    clock.now += 30
    now = pyotp.TOTP(secret).at(clock.now)
    assert accounts.check_code(user, now, "a").user == user
    assert accounts.check_code(user, now, "a").user is None
    assert accounts.check_code(user, codes[0].lower(), "a").user == user
    assert accounts.check_code(user, codes[0], "a").user is None


def test_codes_cannot_be_guessed_at_will(accounts: Accounts, clock: Clock) -> None:
    key = admin(accounts)
    secret = second.new_secret()
    accounts.enrol(key, secret, pyotp.TOTP(secret).at(clock.now))
    user = accounts.get(key)
    assert user is not None
    for _ in range(FREE + 1):
        accounts.check_code(user, "999", "a")
    clock.now += 29
    assert accounts.check_code(user, pyotp.TOTP(secret).at(clock.now), "a").user is None
    clock.now += 30
    assert accounts.check_code(user, pyotp.TOTP(secret).at(clock.now), "a").user == user


def test_the_square_is_a_picture(accounts: Accounts) -> None:
    told = second.square(second.address(second.new_secret(), "lin", "云州公文库"))
    assert told.startswith("data:image/svg+xml")


def test_tokens_are_of_a_user_and_end(accounts: Accounts, clock: Clock) -> None:
    admin(accounts)
    user = accounts.make("zhou", "editor", password=PASSWORD)
    key = accounts.tokens.issue(user.id, "统计脚本", ("read",), clock(), days=30)
    held = accounts.tokens.find(key, clock())
    assert held is not None and held.user == user and held.rights == {"read"}
    with pytest.raises(SettingsError):
        accounts.tokens.issue(user.id, "统计脚本", ("read",), clock())
    accounts.change(user.id, disabled=True)
    assert accounts.tokens.find(key, clock()) is None
    accounts.change(user.id, disabled=False)
    assert accounts.tokens.find(key, clock()) is not None
    clock.now += 30 * 86400
    assert accounts.tokens.find(key, clock()) is None
    other = accounts.tokens.issue(user.id, "统计脚本", ("read",), clock())
    assert accounts.tokens.revoke(user.id, accounts.tokens.of(user.id)[-1].id)
    assert accounts.tokens.find(other, clock()) is None


def test_a_directory_says_whether_the_password_is_right(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path, directory=lambda name, password: (name, password) == ("chen", "of the directory"))
    accounts.make("chen", "viewer", via="ldap")
    assert accounts.check("chen", "of the directory", "a").user is not None
    assert accounts.check("chen", "another", "a").user is None
    assert accounts.check("wang", "of the directory", "a").user is None  # not a user here
