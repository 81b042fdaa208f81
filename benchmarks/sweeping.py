"""A sweep for benchmarks, run in a process of its own: what of its processor time is simulating.

    python benchmarks/sweeping.py RUNS WORKERS EMPLOYEES MONTHS

prints one line of JSON with the times of every part; with 0 workers, it all happens in one process.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from costs import memory  # noqa: E402
from measuring import scenario_of  # noqa: E402

from sim.experiments.sweeps.model import FirmModel, Lived  # noqa: E402
from sim.experiments.sweeps.reading import study_of  # noqa: E402
from sim.experiments.sweeps.study import Study  # noqa: E402
from sim.experiments.sweeps.sweeping import begin, finish  # noqa: E402
from sim.simulation.warming import warm_up  # noqa: E402

PARTS = "SWEEP_PARTS"
"""Variable that names the folder in which each process leaves the processor time of its parts."""

_spent = {"living": 0.0, "outcomes": 0.0, "runs": 0.0, "ready": 0.0, "left": 0.0}


@dataclass(frozen=True)
class TimedModel(FirmModel):
    """Firms, with the processor time that they take told when the process ends, or after every batch.

    The thread's time: asking for the process's costs up to milliseconds, which would be what is measured.
    """

    def run(self, variant: int, row: tuple[Any, ...], replicate: int) -> Any:
        """A run, timed."""
        if not _spent["ready"]:
            _spent["ready"] = time.process_time()
        begun = time.thread_time()
        lived = super().run(variant, row, replicate)
        _spent["living"] += time.thread_time() - begun
        _spent["runs"] += 1
        return lived

    def told(self, runs: Sequence[Any]) -> list[Lived]:
        """Its outcomes, timed."""
        begun = time.thread_time()
        told = super().told(runs)
        now = time.thread_time()
        _spent["outcomes"] += now - begun
        if now - _spent["left"] > 0.5:  # leaving word must not be what is measured
            _spent["left"] = now
            _leave()
        return told


def _leave() -> None:
    """Leave word of the time so far: a worker may be ended at any moment."""
    place = Path(os.environ[PARTS]) / f"{os.getpid()}.json"
    draft = place.with_suffix(".draft")
    draft.write_text(json.dumps({**_spent, "all": time.process_time()}), encoding="utf-8")
    os.replace(draft, place)


def study(runs: int, workers: int, employees: int, months: int) -> Study:
    """Two variants at fifty points, none of which two runs share."""
    document = {
        "uncertainties": {"departures.quit_rate": {}, "engagement.reversion": {}},
        "design": {"kind": "latin_hypercube", "points": 50, "seed": 1},
        "replicates": -(-runs // 100),
        "execution": {"workers": workers or 1, "engine": "local" if workers else "here"},
    }
    made = study_of(document, scenario_of(employees, months))
    assert isinstance(made.model, FirmModel)
    fields = {name: getattr(made.model, name) for name in FirmModel.__dataclass_fields__
              if not name.startswith("_")}  # fmt: skip
    return replace(made, model=TimedModel(**fields))


def main() -> None:
    """Run it and print the times."""
    runs, workers, employees, months = (int(word) for word in sys.argv[1:])
    warm_up()
    sizes: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ[PARTS] = str(Path(folder) / "parts")
        os.mkdir(os.environ[PARTS])
        made = study(runs, workers, employees, months)
        own, wall = time.process_time(), time.monotonic()
        first: list[float] = []

        def progress(done: int, total: int) -> None:
            now = time.monotonic()
            if not first:
                first.extend((now, done))
            if now - (sizes[-1][0] if sizes else 0.0) > 1.0 or done == total:
                sizes.append((now, memory()))

        place = Path(folder) / "sweep"
        kept, ending = begin(made, place, progress=progress)
        whole = time.process_time() - own
        taken = time.monotonic() - wall
        before = time.process_time()
        finish(kept)  # once more, to know what of it the tables were
        tables = time.process_time() - before
        parts = [json.loads(path.read_text()) for path in Path(os.environ[PARTS]).glob("*.json")]
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    total = {name: sum(part[name] for part in parts) for name in ("living", "outcomes", "runs")}
    workers_all = sum(part["all"] for part in parts) if workers else 0.0
    ready = sum(part["ready"] for part in parts) if workers else 0.0
    fifth = max(1, len(sizes) // 5)
    print(
        json.dumps(
            {
                "runs": ending.ran,
                "wall": taken,
                "driver": whole,
                "tables": tables,
                "workers": workers_all,
                "starting workers": ready,
                "living": total["living"],
                "outcomes": total["outcomes"],
                "memory early": sizes[fifth - 1][1],
                "memory late": sizes[-1][1],
                "megabytes on disk": size / 1e6,
                "a second since the first": (ending.ran - first[1])
                / max(1e-9, sizes[-1][0] - first[0]),
            }
        )
    )


if __name__ == "__main__":
    main()
