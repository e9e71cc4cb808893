"""What every response carries, and error pages that say nothing of the inside: a number where it stands in the log."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from gongwen.errors import GongwenError, IndexBusy, StoreError
from index.engine import IndexBroken

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""img-src data: because Bootstrap's stylesheet draws the marks of its form fields with data: addresses."""

DOWNLOAD_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"

HEADERS: dict[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

SENTENCES: dict[int, tuple[str, str]] = {
    401: ("需要登录", "请先登录，或出示有效的接口令牌。"),
    422: ("请求的内容不对", "请按接口说明检查各项参数。"),
    400: ("请求有误", "请检查地址是否完整，或返回首页重新检索。"),
    403: ("操作没有执行", "请回到原来的页面，刷新后再试一次。"),
    404: ("没有找到", "地址可能写错，或者该公文已重新收文，请用标题或文号检索。"),
    413: ("文件或表单过大", "请分几次上传，或拆分后重新上传。"),
    405: ("不支持这种操作", "请返回上一页重试。"),
    503: ("暂时无法提供服务", "资料库或索引正在整理，请稍后再试；多次出现请联系管理员。"),
    500: ("系统出错了", "问题已经记录。请稍后再试；多次出现请把编号告诉管理员。"),
}

_log = logging.getLogger("gongwen.web")


class Refusal(HTTPException):
    """A request that is not carried out, told in words: what is wrong and what to do."""

    def __init__(self, what: str, action: str, *, code: int = 400) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.action = action


class TooMany(Refusal):
    """More than anybody asks by hand; `wait` in seconds."""

    def __init__(self, wait: int) -> None:
        told = f"{wait} 秒" if wait < 60 else f"{-(-wait // 60)} 分钟"
        super().__init__("请求太快了", f"请稍等 {told}再试。由程序取数据的，请放慢速度。", code=429)
        self.wait = wait


def install(app: Flask) -> None:
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _refused)
    for error in (StoreError, IndexBroken, IndexBusy):
        app.register_error_handler(error, _unavailable)


def wants_json() -> bool:
    """Whether the reader of this request is a program: the API, or JSON asked for before HTML."""
    if request.path.startswith("/api/"):
        return True
    accept = request.accept_mimetypes
    return bool(accept) and accept.best_match(["text/html", "application/json"]) == "application/json"


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if not request.path.startswith(("/static/", "/bootstrap/static/")):
        if not response.cache_control.private:  # pictures of pages, which say how they may be kept
            response.headers["Cache-Control"] = "no-store"
        response.vary.add("Accept")
    return response


def _refused(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        return _answer(500, error.original_exception)
    if isinstance(error, SecurityError):
        # The host was not ours, so no address can be built: plain words only.
        host, port = current_app.config["ADDRESS"], request.environ.get("SERVER_PORT", "")
        told = f"400 本站不接受这个主机名。请用 http://{host}:{port} 打开。\n"
        return Response(told, 400, content_type="text/plain; charset=utf-8")
    if 300 <= code < 400:
        return error.get_response()
    return _answer(code, error)


def _unavailable(error: GongwenError) -> ResponseReturnValue:
    return _answer(503, error)


def _answer(code: int, error: BaseException) -> ResponseReturnValue:
    number = secrets.token_hex(4) if code >= 500 else ""
    if number:
        _log.error("error %s at %s", number, request.path.encode("unicode_escape").decode("ascii"), exc_info=error)
    what, action = SENTENCES.get(code, SENTENCES[400 if code < 500 else 500])
    if isinstance(error, Refusal):
        what, action = error.what, error.action
    more = {"Retry-After": str(error.wait)} if isinstance(error, TooMany) else {}
    if wants_json():
        return {"error": what, "action": action, "code": code} | ({"id": number} if number else {}), code, more
    page = render_template("error.html", code=code, what=what, action=action, number=number)
    return make_response(page, code, more)
