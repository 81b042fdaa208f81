"""A scenario written back as a file: only what was set, so that the rest keeps its defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.scenario.messages import visible
from sim.scenario.toml_text import toml_key, toml_value

__all__ = ["scenario_text"]


def scenario_text(document: Mapping[str, Any], above: Sequence[str] = ()) -> str:
    """Return a document as TOML; read again it is the same scenario.

    Parameters
    ----------
    document
        Nested tables, as a scenario file has them; variants under ``variant``.
    above
        Lines of comment at the top.
    """
    lines = [f"# {visible(line, longest=1000)}" for line in above]
    lines += [""] if above else []
    tables = {key: value for key, value in document.items() if _is_section(key, value)}
    lines += [
        f"{toml_key(key)} = {toml_value(value)}"
        for key, value in document.items()
        if key not in tables and key != "variant"
    ]
    for key, table in tables.items():
        if table:
            lines += ["", f"[{toml_key(key)}]"]
            lines += [f"{toml_key(name)} = {toml_value(value)}" for name, value in table.items()]
    for variant in document.get("variant", ()):
        lines += ["", "[[variant]]", *_variant(variant)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _is_section(key: str, value: Any) -> bool:
    return key != "variant" and isinstance(value, Mapping)


def _variant(variant: Mapping[str, Any]) -> Iterator[str]:
    for key, value in variant.items():
        if isinstance(value, Mapping):
            for name, own in value.items():
                yield f"{toml_key(key)}.{toml_key(name)} = {toml_value(own)}"
        else:
            yield f"{toml_key(key)} = {toml_value(value)}"
