"""Tables that are worked out once and handed out as copies, so that nobody can change what is saved and told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, overload

__all__ = ["copied"]


class _Copyable(Protocol):
    def copy(self) -> Any: ...


Table = TypeVar("Table", bound=_Copyable)


class copied(Generic[Table]):  # noqa: N801 - used as a decorator, like cached_property
    """A property that works a table out when it is first asked for, and returns a copy every time.

    What was worked out is kept in the owner's ``tables``, by name.
    """

    def __init__(self, work_out: Callable[[Any], Table]) -> None:
        self._work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, one: None, owner: type) -> copied[Table]: ...

    @overload
    def __get__(self, one: object, owner: type) -> Table: ...

    def __get__(self, one: Any, owner: type) -> copied[Table] | Table:
        if one is None:
            return self
        if self._name not in one.tables:
            one.tables[self._name] = self._work_out(one)
        table: Table = one.tables[self._name].copy()
        return table
