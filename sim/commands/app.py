"""Turn dials in the browser and watch the answer sharpen. Prints its address first; Ctrl-C ends it.

Begin with a scenario (TOML) or a staff list (CSV, Excel), or choose on the page. Only this machine is answered,
and nothing leaves it. Needs: pip install 'mentorsim[app]'.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import webbrowser
from pathlib import Path

from sim.commands.command import add_extensions, load_extensions, whole_number
from sim.commands.streams import say
from sim.errors import InputError

NAME = "app"
MEANING = "turn dials in the browser and watch the answer sharpen"

_HOST, _PORT, _TRIES = "127.0.0.1", 8765, 20


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("file", metavar="SCENARIO or STAFF LIST", nargs="?", type=Path, help="what to begin with")
    add("--port", metavar="N", type=whole_number(1, 65535), help=f"default: {_PORT} or the next")
    add(
        "--firms",
        metavar="N",
        type=whole_number(2, 100_000),
        default=100,
        help="simulated firms at which an answer is sharp enough (default: 100)",
    )
    add("--no-browser", action="store_true", help="do not open a browser")
    add_extensions(parser)


def call(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    load_extensions(options)
    listening = _listen(options.port)
    address = f"http://{_HOST}:{listening.getsockname()[1]}/"
    print(f"mentorsim is at {address} (Ctrl-C ends it)", flush=True)
    try:
        from sim.app.server import create_app, serve
    except ImportError as error:
        listening.close()
        problem = f"the app needs a package that is not installed ({error.name})"
        raise InputError(problem, remedy="pip install 'mentorsim[app]'") from None
    app = create_app(options.file, stages=_stages(options.firms))
    if not options.no_browser and _has_screen():
        threading.Timer(0.5, webbrowser.open, (address,)).start()
    serve(app, listening)
    say("ended; nothing was kept")
    return 0


def _has_screen() -> bool:
    """Whether a browser has a window to open in; else one that runs in this terminal would be taken."""
    if os.name != "posix" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _stages(firms: int) -> tuple[int, ...]:
    """After how many firms an answer is shown: those of the usual stages that are fewer, and then all."""
    from sim.experiments.refine import STAGES

    return (*(stage for stage in STAGES if stage < firms), firms)


def _listen(port: int | None) -> socket.socket:
    """A socket on loopback: on the port that is wanted, or on the first that is free.

    Raises
    ------
    InputError
        If there is none.
    """
    for number in [port] if port is not None else range(_PORT, _PORT + _TRIES):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if (
            os.name == "posix"
        ):  # a server that was killed leaves its port busy for a minute otherwise
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((_HOST, number))
            listening.listen()
        except OSError:
            listening.close()
            continue
        return listening
    taken = f"port {port} is taken" if port is not None else "no port is free"
    raise InputError(taken, remedy="name another one with --port", key="--port")
