"""One computation at a time, over all tabs: the desk that waits longest for its first answer comes first."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from contextlib import redirect_stderr

from sim.app.desk import Desk
from sim.errors import InputError
from sim.experiments.refine import STAGES, Worlds, refine
from sim.scenario.scenario import Scenario
from sim.simulation.warming import warm_up

__all__ = ["Engine"]


class Engine:
    """A thread that simulates what desks ask for.

    A change stops what its desk was simulating; a new question of another desk interrupts a desk that already
    has an answer. Finished worlds are kept, so that nothing is lost by either.

    Parameters
    ----------
    stages
        After how many firms an answer is shown.
    """

    def __init__(self, stages: Sequence[int] = STAGES) -> None:
        self.stages = tuple(stages)
        self.worlds = Worlds()
        self.running_at_once = 0
        """How many computations run now: never more than one."""
        self._waiting: dict[str, tuple[Desk, Scenario, int]] = {}
        self._current: tuple[str, int] = ("", 0)
        self._stop = threading.Event()
        self._ended = self._warm = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def end(self) -> None:
        """Stop within about one world's time."""
        with self._changed:
            self._ended = True
            self._stop.set()
            self._changed.notify_all()

    def ask(self, desk: Desk, scenario: Scenario) -> None:
        """Simulate a scenario for a desk, instead of what it asked before."""
        with self._changed:
            self._waiting.pop(desk.token, None)
            self._waiting[desk.token] = (desk, scenario, 0)
            desk.now(doing="waiting", firms=0, asked=self.stages[-1])
            token, stage = self._current
            if token == desk.token or stage > 0:
                self._stop.set()
            self._changed.notify_all()

    def forget(self, desk: Desk) -> None:
        """Drop what a desk asked."""
        with self._changed:
            self._waiting.pop(desk.token, None)
            if self._current[0] == desk.token:
                self._stop.set()

    def _next(self) -> tuple[Desk, Scenario, int] | None:
        with self._changed:
            while not self._waiting and not self._ended:
                self._changed.wait()
            if self._ended:
                return None
            token = min(self._waiting, key=lambda one: self._waiting[one][2])
            found = self._waiting[token]
            self._current = (token, found[2])
            self._stop = threading.Event()
            return found

    def _work(self) -> None:
        while (found := self._next()) is not None:
            desk, scenario, stage = found
            try:
                self._prepare(desk)
                self.running_at_once += 1
                try:
                    self._advance(desk, scenario, stage)
                finally:
                    self.running_at_once -= 1
            except InputError as error:
                self._say(desk, scenario, str(error))
            except Exception as error:  # the page must go on, whatever happens
                fault = f"this is a fault of mentorsim: {type(error).__name__}: {error}"
                self._say(desk, scenario, fault)

    def _prepare(self, desk: Desk) -> None:
        """Compile the model, which takes half a minute once; the page says so."""
        if not self._warm:
            desk.now(doing="compiling")
            with redirect_stderr(io.StringIO()):
                warm_up()
            self._warm = True

    def _advance(self, desk: Desk, scenario: Scenario, stage: int) -> None:
        """Bring a desk's answer one stage further."""
        stop = self._stop
        desk.now(doing="simulating")
        steps = refine(scenario, self.stages[stage : stage + 1], stop, worlds=self.worlds)
        comparison = next(steps, None)
        with self._changed:
            waiting = self._waiting.get(desk.token)
            if comparison is None or waiting is None or waiting[1] is not scenario:
                return
            last = stage + 1 == len(self.stages)
            if last:
                del self._waiting[desk.token]
            else:
                self._waiting[desk.token] = (desk, scenario, stage + 1)
            self._current = ("", 0)
            doing = "done" if last else "sharpening"
            desk.now(comparison=comparison, firms=comparison.replicates, doing=doing)

    def _say(self, desk: Desk, scenario: Scenario, problem: str) -> None:
        with self._changed:
            waiting = self._waiting.get(desk.token)
            if waiting is not None and waiting[1] is scenario:
                del self._waiting[desk.token]
            desk.now(problem=problem, doing="failed")
