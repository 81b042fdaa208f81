"""The app: its addresses, and what each does. Everything is said and kept on this machine."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import signal
import socket
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from sim.app.desk import Desk
from sim.app.engine import Engine
from sim.app.guard import LARGEST_UPLOAD, Guard, TooLargeError
from sim.app.pages import answer_fragment, desk_page, library, start_page
from sim.app.pair_list import pair_list
from sim.errors import InputError
from sim.experiments.refine import STAGES
from sim.report.page import report_page
from sim.scenario.unusual import unusual_pay

__all__ = ["create_app", "serve"]

_MOST_DESKS = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_PAUSE, _ALIVE = 0.1, 15.0
"""Seconds between two looks at a desk, and between two signs of life of a stream."""

_ASSETS = {
    "app.js": ("sim/app/assets/app.js", "text/javascript; charset=utf-8"),
    "app.css": ("sim/app/assets/app.css", "text/css; charset=utf-8"),
    "report.css": ("sim/report/page/templates/style.css", "text/css; charset=utf-8"),
}


class _Office:
    """The desks, the least recently used dropped first, and the engine that works for them."""

    def __init__(self, stages: Sequence[int]) -> None:
        self.engine = Engine(stages)
        self.ending: Callable[[], bool] = lambda: False
        """Whether the server is about to end: streams then end by themselves."""
        self.desks: OrderedDict[str, Desk] = OrderedDict()

    def open(self, token: str = "") -> Desk:
        desk = Desk(token or secrets.token_urlsafe(16))
        self.desks[desk.token] = desk
        while len(self.desks) > _MOST_DESKS:
            _, dropped = self.desks.popitem(last=False)
            self.engine.forget(dropped)
        return desk

    def find(self, request: Request) -> Desk:
        token = request.path_params["token"]
        if token not in self.desks:
            raise HTTPException(404)
        self.desks.move_to_end(token)
        return self.desks[token]

    def ask(self, desk: Desk) -> None:
        """Simulate what the desk stands at."""
        try:
            scenario = desk.scenario()
            desk.remark = " ".join(unusual_pay(scenario))
            self.engine.ask(desk, scenario)
        except InputError as error:
            desk.now(problem=str(error))


def create_app(begin_with: Path | None = None, *, stages: Sequence[int] = STAGES) -> Starlette:
    """Return the app.

    Parameters
    ----------
    begin_with
        A scenario or a staff list with which the first page begins.
    stages
        After how many firms an answer is shown.

    Raises
    ------
    InputError
        If what it is to begin with cannot be used.
    """
    office = _Office(stages)
    first = _begun_with(office, begin_with) if begin_with is not None else None

    async def home(request: Request) -> Response:
        if first is not None and "new" not in request.query_params:
            return RedirectResponse(f"/s/{first.token}/", 303)
        return HTMLResponse(start_page())

    async def start(request: Request) -> Response:
        async with request.form(max_files=2, max_fields=20) as form:
            desk = office.open()
            try:
                await _start(desk, form)
            except InputError as error:
                del office.desks[desk.token]
                page = start_page(str(error))
                return HTMLResponse(page, 422)
        office.ask(desk)
        return RedirectResponse(f"/s/{desk.token}/", 303)

    async def show(request: Request) -> Response:
        desk = office.find(request)
        return HTMLResponse(await run_in_threadpool(desk_page, desk))

    async def dial(request: Request) -> Response:
        form = {key: str(value) for key, value in (await request.form(max_fields=400)).items()}
        token = request.path_params["token"]
        if token not in office.desks:
            if not _TOKEN.fullmatch(token) or "document" not in form:
                raise HTTPException(404)
            desk = office.open(
                token
            )  # the server was started anew: the page brings what it stood at
            try:
                desk.start_from_text(
                    form["document"].encode(), form.get("document-name", "the page")
                )
                desk.unused = set()
            except InputError as error:
                desk.start_anew()
                desk.problem = str(error)
        desk = office.find(request)
        before = (desk.toml(), desk.goal)
        desk.dial(form)
        if desk.problem:
            desk.now()
        elif (desk.toml(), desk.goal) != before or desk.comparison is None:
            office.ask(desk)
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(f"/s/{desk.token}/", 303)
        return JSONResponse({**desk.state(), "document": desk.toml()})

    async def staff(request: Request) -> Response:
        desk = office.find(request)
        async with request.form(max_files=1, max_fields=5) as form:
            upload = form.get("staff")
            try:
                if not isinstance(upload, UploadFile) or not upload.filename:
                    raise InputError("no file was chosen", remedy="choose a staff list")
                content = await upload.read()
                await run_in_threadpool(desk.take_staff, content, upload.filename)
                desk.problem = ""
            except InputError as error:
                desk.problem = str(error)
        if not desk.problem:
            office.ask(desk)
        return RedirectResponse(f"/s/{desk.token}/", 303)

    async def answer(request: Request) -> Response:
        desk = office.find(request)
        shown = desk.answer  # taken first: if another one comes meanwhile, the page asks again
        text = await run_in_threadpool(answer_fragment, desk)
        return HTMLResponse(text, headers={"x-answer": shown})

    async def events(request: Request) -> Response:
        desk = office.find(request)
        return StreamingResponse(
            _events(request, desk, office),
            media_type="text/event-stream",
            headers={"x-accel-buffering": "no"},
        )

    async def report(request: Request) -> Response:
        desk = office.find(request)
        if desk.comparison is None:
            return PlainTextResponse(
                "There is no answer yet. Go back, and wait for the first.", 409
            )
        text = await run_in_threadpool(report_page, desk.comparison)
        return _download(text, "report.html", "text/html; charset=utf-8")

    async def scenario(request: Request) -> Response:
        desk = office.find(request)
        text = desk.toml(office.engine.stages[-1])
        return _download(text, "scenario.toml", "application/toml; charset=utf-8")

    async def pairs(request: Request) -> Response:
        desk = office.find(request)
        variant = request.query_params.get("variant", "")
        try:
            text = await run_in_threadpool(pair_list, desk, variant)
        except InputError as error:
            return PlainTextResponse(f"No pair list: {error}", 422)
        named = re.sub(r"[^a-z0-9]+", "_", f"pairs {variant}".lower()).strip("_")
        return _download(text, f"{named}.csv", "text/csv; charset=utf-8")

    async def asset(request: Request) -> Response:
        known = _ASSETS.get(request.path_params["name"])
        if known is None:
            raise HTTPException(404)
        content = (Path(__file__).parents[2] / known[0]).read_bytes()
        return Response(content, media_type=known[1])

    @asynccontextmanager
    async def working(_: Starlette) -> AsyncIterator[None]:
        MultiPartParser.spool_max_size = LARGEST_UPLOAD  # uploads stay in memory
        office.engine.start()
        if first is not None:
            office.ask(first)
        yield
        office.engine.end()

    app = Starlette(
        routes=[
            Route("/", home),
            Route("/start", start, methods=["POST"]),
            Route("/s/{token}/", show),
            Route("/s/{token}/dials", dial, methods=["POST"]),
            Route("/s/{token}/staff", staff, methods=["POST"]),
            Route("/s/{token}/answer", answer),
            Route("/s/{token}/events", events),
            Route("/s/{token}/report.html", report),
            Route("/s/{token}/scenario.toml", scenario),
            Route("/s/{token}/pairs.csv", pairs),
            Route("/assets/{name}", asset),
            Route("/favicon.ico", _no_picture),
        ],
        middleware=[Middleware(Guard)],
        exception_handlers={
            404: _missing,
            TooLargeError: _too_large,
        },
        lifespan=working,
    )
    app.state.office = office
    return app


class _Server(uvicorn.Server):
    """A server that ends when it is asked to, without a complaint."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ctrl-C and its like end the server; what they meant before is put back."""
        wanted = [number for number in (signal.SIGINT, signal.SIGTERM) if number]
        before = {number: signal.signal(number, self.handle_exit) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(app: Starlette, listening: socket.socket) -> None:
    """Serve on a socket until Ctrl-C; open streams end by themselves."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=30,
        server_header=False,
    )
    server = _Server(config)
    app.state.office.ending = lambda: server.should_exit
    server.run(sockets=[listening])


async def _no_picture(_: Request) -> Response:
    return Response(status_code=204)


async def _missing(request: Request, _: Exception) -> Response:
    return PlainTextResponse("There is nothing here (any more). Begin anew at /?new=1.", 404)


async def _too_large(request: Request, _: Exception) -> Response:
    return PlainTextResponse(
        f"Files of more than {LARGEST_UPLOAD // 1_000_000} MB are not read.", 413
    )


def _begun_with(office: _Office, file: Path) -> Desk:
    desk = office.open()
    if file.suffix.lower() == ".toml":
        desk.start_from_file(file)
    else:
        from sim.scenario.files import trouble_with

        trouble = trouble_with(file, (".csv", ".xlsx", ".toml"))
        if trouble is not None:
            raise InputError(trouble[0], remedy=trouble[1], file=file)
        desk.take_staff(file.read_bytes(), file.name)
    return desk


async def _start(desk: Desk, form: Any) -> None:
    """Begin with what was chosen or uploaded."""
    upload, wanted = form.get("file"), str(form.get("scenario", ""))
    if isinstance(upload, UploadFile) and upload.filename:
        content, name = await upload.read(), upload.filename
        if name.lower().endswith(".toml"):
            await run_in_threadpool(desk.start_from_text, content, name)
        else:
            await run_in_threadpool(desk.take_staff, content, name)
        return
    known = {one.name: one.file for one in library()}
    if wanted in known:
        await run_in_threadpool(desk.start_from_file, known[wanted])
    else:
        desk.start_anew()


async def _events(request: Request, desk: Desk, office: _Office) -> AsyncIterator[str]:
    """Whenever something changes: what the desk stands at; a sign of life now and then."""
    seen, quiet = -1, 0.0
    while not (office.ending() or await request.is_disconnected()):
        if desk.version != seen:
            told = desk.state()
            seen, quiet = told["version"], 0.0
            yield f"data: {json.dumps(told)}\n\n"
        elif quiet >= _ALIVE:
            quiet = 0.0
            yield ": still here\n\n"
        await asyncio.sleep(_PAUSE)
        quiet += _PAUSE


def _download(text: str, name: str, kind: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=kind, headers=headers)
