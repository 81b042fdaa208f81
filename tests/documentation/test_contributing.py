"""What contributors are told: the files and tests that it names exist, and the checks are the same everywhere."""

from __future__ import annotations

import re
import tomllib

import pytest

from places import ROOT


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/extending.md"])
def test_named_places_exist(name: str) -> None:
    named = re.findall(r"`((?:sim|tests|docs|scenarios|benchmarks)/[\w./]*)`", text_of(name))
    assert len(named) > 10
    for place in named:
        assert (ROOT / place).exists(), place


def test_every_way_in_names_one_file_and_one_test() -> None:
    text = text_of("CONTRIBUTING.md")
    for door in ("I study organisations", "I model", "I develop"):
        part = text.split(f"## {door}\n")[1].split("\n## ")[0]
        rows = [row for row in re.findall(r"^\|(.*)\|$", part, re.MULTILINE) if "---" not in row]
        assert len(rows) > 4
        for row in rows[1:-1]:
            assert "tests/" in row.rpartition("|")[2], row


def test_a_commit_is_checked_as_a_submission_is() -> None:
    hooks, script = text_of(".pre-commit-config.yaml"), text_of(".ci/run")
    for check in ("ruff format --check", "ruff check", "mypy"):
        assert f"python -m {check}" in hooks
        assert check in script
    assert set(re.findall(r"- repo: (.*)", hooks)) == {"local"}


def test_the_citation_is_of_this_version() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    assert f"\nversion: {version}\n" in text_of("CITATION.cff")
    assert "\n## Unreleased\n" in text_of("CHANGELOG.md")
