"""Which people have been looked at: one object for each, kept in step with who is present.

Faces are made in the order of person numbers, whenever somebody looks, so that nothing depends on who
looked when. A face whose person leaves turns into a :class:`~sim.agents.employees.FormerEmployee`, in the same
month: it can never show the successor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from sim.agents.employees import Colleague, FormerEmployee, Workplace, numbers_of_leavers
from sim.engine import columns

if TYPE_CHECKING:
    from sim.engine.state import State

__all__ = ["Faces"]

Face = TypeVar("Face", bound=Colleague)


class Faces(Generic[Face]):
    """The employees of one model that have a face, and the former ones.

    Parameters
    ----------
    model
        The model whose people they are.
    make
        Makes the object of a person: called with the model and the slot.
    dismiss
        Takes an employee who left off Mesa's books.
    """

    def __init__(
        self,
        model: Workplace,
        make: Callable[[Any, int], Face],
        dismiss: Callable[[Face], None],
    ) -> None:
        people = model.simulation.state.whole.shape[1]
        self.model = model
        self._make = make
        self._dismiss = dismiss
        self._by_slot: list[Face | None] = [None] * people
        self._numbers: NDArray[np.int64] = np.zeros(people, dtype=np.int64)  # 0 without a face
        self._former: WeakValueDictionary[int, FormerEmployee] = WeakValueDictionary()
        self._rows: dict[int, int] = {}
        self._looked_in = -1
        self._is_making = False

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_former": dict(self._former)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _former=WeakValueDictionary(state["_former"]))

    def __len__(self) -> int:
        return int(np.count_nonzero(self._numbers))

    def at(self, slot: int) -> Face | None:
        """The employee of a slot; None for a vacant slot and for -1."""
        self.meet_newcomers()
        return self._by_slot[slot] if slot >= 0 else None

    def present(self) -> list[Face]:
        """Everybody present, in the order of person numbers."""
        self.meet_newcomers()
        faces = [face for face in self._by_slot if face is not None]
        return sorted(faces, key=lambda face: face.unique_id)

    def former(self) -> list[FormerEmployee]:
        """Everybody who left so far, in the order of leaving."""
        self.see_leavers_off()
        return [self._on_record(number, row) for number, row in self._recorded().items()]

    def meet_newcomers(self) -> None:
        """Give everybody present a face.

        Raises
        ------
        RuntimeError
            If it is asked for by the constructor of an employee.
        """
        if self._looked_in == self.model.simulation.month:
            return
        if self._is_making:
            raise RuntimeError(
                "employees cannot look at each other while they are being made; do it in step"
            )
        self.see_leavers_off()
        whole = self._state().whole
        slots = np.flatnonzero((whole[columns.ACTIVE] == 1) & (self._numbers == 0))
        self._is_making = True
        try:
            for slot in slots[np.argsort(whole[columns.NUMBER, slots])].tolist():
                face = self._make(self.model, slot)
                self._by_slot[slot], self._numbers[slot] = face, face.unique_id
        finally:
            self._is_making = False
        self._looked_in = self.model.simulation.month

    def number_at(self, slot: int) -> int:
        """Person number of whoever sits at a slot, for the constructor of an employee.

        Raises
        ------
        TypeError
            If it is not called by :meth:`meet_newcomers`.
        """
        if not self._is_making:
            raise TypeError("employees are hired by the firm, not made; find them in model.agents")
        return self._state().whole.item(columns.NUMBER, slot)

    def see_leavers_off(self) -> None:
        """Turn the faces of people who have left into former employees."""
        whole = self._state().whole
        stayed = (whole[columns.NUMBER] == self._numbers) & (whole[columns.ACTIVE] == 1)
        for slot in np.flatnonzero((self._numbers > 0) & ~stayed).tolist():
            face = self._by_slot[slot]
            assert face is not None
            self._dismiss(face)
            self._by_slot[slot], self._numbers[slot] = None, 0
            row = self._recorded().get(face.unique_id)
            cause = whole.item(columns.LEFT_NOW, slot)
            former = FormerEmployee.turned_from(face, row, self.model.simulation.month - 1, cause)
            self._former[former.unique_id] = former

    def _on_record(self, number: int, row: int) -> FormerEmployee:
        former = self._former.get(number)
        if former is None:
            former = FormerEmployee.on_record(self.model, row)
            self._former[number] = former
        return former

    def _recorded(self) -> dict[int, int]:
        """Rows in the table of leavers by person number, up to now."""
        for number in numbers_of_leavers(self._state(), len(self._rows)):
            self._rows[number] = len(self._rows)
        return self._rows

    def _state(self) -> State:
        return self.model.simulation.state
