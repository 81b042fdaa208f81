"""Sweeps for other tools: tables, labelled arrays, what EMA and SALib work with, a crate for repositories."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.results import Results
from sim.errors import InputError
from sim.files import neutralised

if TYPE_CHECKING:
    import xarray

__all__ = [
    "FORMS",
    "to_ema",
    "to_salib",
    "to_xarray",
    "write_crate",
    "write_csv",
    "write_ema",
    "write_netcdf",
    "write_safely",
    "write_salib",
]

Real = NDArray[np.float64]


def to_xarray(results: Results) -> xarray.Dataset:
    """Every outcome as a labelled array over point, variant and replicate; factors are coordinates of the points.

    Raises
    ------
    InputError
        If xarray is not installed.
    """
    try:
        import xarray
    except ImportError:
        raise _lacking("xarray", "analysis") from None
    outcomes = results.folder.outcomes
    dimensions = ("point", "variant", "replicate")
    arrays = {
        name: (
            dimensions,
            results.cube(name),
            {"units": results.unit_of(name), "long_name": results.title_of(name)},
        )
        for name in outcomes
    }
    replicates = results.cube(outcomes[0]).shape[2]
    coordinates: dict[str, Any] = {
        "point": np.arange(len(results.rows)),
        "variant": list(results.variants),
        "replicate": np.arange(replicates),
    }
    for key in results.study.keys:
        column = results.points[key]
        values = (
            column.to_numpy()
            if pd.api.types.is_numeric_dtype(column)
            else column.astype(str).to_numpy(dtype=str)
        )
        coordinates[key] = ("point", values)
    told = {
        "title": results.study.title,
        "plan": results.folder.plan,
        "against": results.variants[results.against],
    }
    return xarray.Dataset(arrays, coordinates, told)


def to_ema(results: Results) -> tuple[pd.DataFrame, dict[str, Real]]:
    """Experiments and outcomes as EMA Workbench has them: a row for each point and variant.

    Returns
    -------
    tuple
        Experiments: the factors, ``policy`` (the variant), ``scenario`` (the point), ``model``. Outcomes by
        name: means over replicates, shape (experiments,), and ``NAME_replicates``, shape (experiments,
        replicates).
    """
    points = results.points.drop(columns=["block"]).rename(columns={"point": "scenario"})
    frames = []
    for name in results.variants:
        frames.append(points.assign(policy=name, model="mentorsim"))
    experiments = pd.concat(frames, ignore_index=True)
    outcomes: dict[str, Real] = {}
    for name in results.folder.outcomes:
        cube = results.cube(name)
        flat = np.moveaxis(cube, 1, 0).reshape(-1, cube.shape[2])
        known = np.isfinite(flat)
        count = known.sum(axis=1)
        total = np.where(known, flat, 0.0).sum(axis=1)
        outcomes[name] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        outcomes[f"{name}_replicates"] = flat
    return experiments, outcomes


def to_salib(results: Results, block: int = 0) -> tuple[dict[str, Any], Real, dict[str, Real]]:
    """SALib's problem, the array of points and, for each outcome and variant, the array of mean results.

    Values of a list are told by their position. SALib's own order of rows is kept for saltelli and morris
    designs.

    Parameters
    ----------
    block
        Which design of the study.
    """
    blocks = results.study.blocks
    if not 0 <= block < len(blocks) or not len(blocks[block].rows):
        raise InputError(f"there is no design {block} with points", key="block")
    chosen, points = blocks[block], results.points_of(block)
    factors = [results.study.factors[place] for place in chosen.factors]
    columns, bounds = [], []
    for place, factor in zip(chosen.factors, factors, strict=True):
        values = [results.rows[point][place] for point in points]
        numeric = factor.is_numeric
        columns.append(
            [float(value) if numeric else float(factor.values.index(value)) for value in values]
        )
        if not factor.values:
            bounds.append([float(factor.low), float(factor.high)])
        else:
            bounds.append([min(columns[-1]), max(columns[-1])])
    problem = {
        "num_vars": len(factors),
        "names": [factor.key for factor in factors],
        "bounds": bounds,
    }
    told: dict[str, Real] = {}
    for name in results.folder.outcomes:
        cube = results.cube(name)[points]
        for variant, variant_name in enumerate(results.variants):
            runs = cube[:, variant]
            known = np.isfinite(runs)
            count = known.sum(axis=1)
            total = np.where(known, runs, 0.0).sum(axis=1)
            told[f"{name} | {variant_name}"] = np.where(
                count > 0, total / np.maximum(count, 1), np.nan
            )
    return problem, np.array(columns).T, told


def write_csv(results: Results, output: Path, odd: str) -> list[Path]:
    """runs.csv and points.csv, in which no text can be taken for a formula."""
    written = []
    for name, table in (("runs", results.runs), ("points", results.points)):
        written.append(output / f"{name}.csv")
        neutralised(table).to_csv(written[-1], index=False, lineterminator="\n", encoding="utf-8")
    return written


def write_netcdf(results: Results, output: Path, odd: str) -> list[Path]:
    """sweep.nc, which xarray opens."""
    data = to_xarray(results)
    # The classic format has names without dots and colons.
    renamed = data.rename({key: _plain_name(key) for key in results.study.keys})
    renamed.to_netcdf(output / "sweep.nc", engine="scipy")
    return [output / "sweep.nc"]


def _plain_name(key: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in key)


def write_ema(results: Results, output: Path, odd: str) -> list[Path]:
    """experiments.csv and outcomes.npz: ``dict(numpy.load("outcomes.npz"))`` is EMA's dictionary."""
    experiments, outcomes = to_ema(results)
    files = [output / "experiments.csv", output / "outcomes.npz"]
    experiments.to_csv(files[0], index=False, lineterminator="\n", encoding="utf-8")
    np.savez_compressed(files[1], **outcomes)  # type: ignore[arg-type]
    return files


def write_salib(results: Results, output: Path, odd: str) -> list[Path]:
    """problem.json, X.csv and Y.csv."""
    problem, points, told = to_salib(results)
    files = [output / "problem.json", output / "X.csv", output / "Y.csv"]
    files[0].write_text(json.dumps(problem, indent=1) + "\n", encoding="utf-8")
    pd.DataFrame(points, columns=problem["names"]).to_csv(
        files[1], index=False, lineterminator="\n"
    )
    pd.DataFrame(told).to_csv(files[2], index=False, lineterminator="\n")
    return files


def write_crate(results: Results, output: Path, odd: str) -> list[Path]:
    """sweep.crate.zip: study, points, runs, analyses and the model's description as an RO-Crate.

    One action for each session of the sweep (Process Run Crate), with the package as its instrument.

    Raises
    ------
    InputError
        If rocrate is not installed.
    """
    try:
        from rocrate.model.contextentity import ContextEntity
        from rocrate.rocrate import ROCrate
    except ImportError:
        raise _lacking("rocrate", "publish") from None
    crate = ROCrate()
    crate.name = results.study.title
    crate.description = results.study.question or results.study.title
    sessions = results.folder.sessions()
    package = crate.add(
        ContextEntity(
            crate,
            "#mentorsim",
            {
                "@type": "SoftwareApplication",
                "name": "mentorsim",
                "softwareVersion": str(sessions[-1]["versions"]["mentorsim"]) if sessions else "",
                "identifier": str(sessions[-1]["code"]) if sessions else "",
            },
        )
    )
    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder) / "ODD.md"
        description.write_text(odd, encoding="utf-8")
        shown = crate.add_file(
            description, properties={"name": "ODD: description of the model and this study"}
        )
        inputs: list[Any] = [shown]
        found: list[Any] = []
        for path in sorted(results.path.rglob("*")):
            inside = path.relative_to(results.path).as_posix()
            if not path.is_file() or inside.startswith((".", "journal/")):
                continue
            entity = crate.add_file(path, inside)
            (inputs if inside in ("study.toml", "study.json", "points.jsonl") else found).append(
                entity
            )
        actions = []
        for one in sessions:
            action = ContextEntity(
                crate,
                f"#session-{one['session']}",
                {
                    "@type": "CreateAction",
                    "name": f"Session on {one['host']}",
                    "startTime": one["started"],
                    "endTime": one.get("ended", ""),
                    "description": one.get("command") or "",
                },
            )
            actions.append(crate.add(action))
            action["instrument"] = package
            action["object"] = inputs
            action["result"] = found
        crate.root_dataset["mentions"] = actions
        output_file = output / "sweep.crate.zip"
        # In memory first: an archive that finds no room half way cannot be closed.
        output_file.write_bytes(b"".join(crate.stream_zip()))
    return [output_file]


def _lacking(package: str, extra: str) -> InputError:
    return InputError(
        f"{package} is not installed", remedy=f'install it (pip install "mentorsim[{extra}]")'
    )


FORMS: Mapping[str, tuple[str, Callable[[Results, Path, str], list[Path]]]] = {
    "csv": ("runs.csv and points.csv", write_csv),
    "netcdf": ("labelled arrays for xarray", write_netcdf),
    "ema": ("experiments and outcomes for EMA Workbench", write_ema),
    "salib": ("problem, points and results for SALib", write_salib),
    "ro-crate": ("everything with ODD, for a repository of models", write_crate),
}
"""What a sweep can be exported to: meaning, and what writes it."""


def write_safely(
    results: Results, form: str, output: Path, odd: str, *, overwrite: bool = False
) -> list[Path]:
    """Write one form into a folder: all of its files or none.

    Raises
    ------
    InputError
        If a file is there already, unless it is to be overwritten, or nothing can be written.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output, prefix=".draft-") as draft:
            made = FORMS[form][1](results, Path(draft), odd)
            there = [output / path.name for path in made if (output / path.name).exists()]
            if there and not overwrite:
                raise InputError(
                    "the file exists already",
                    remedy="name another folder, or use --overwrite",
                    file=there[0],
                )
            for path in made:
                shutil.move(path, output / path.name)
    except OSError as error:
        problem = f"the export cannot be written ({error.strerror or error})"
        raise InputError(
            problem, remedy="make room, or name another folder", file=output
        ) from error
    return [output / path.name for path in made]
