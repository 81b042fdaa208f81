"""How numba is made to compile the model faster, and to faster code; results do not change.

Two things that numba does for every function are left out where nothing needs them.

*Functions that other compiled functions call* are optimised and turned into machine code by numba one by one,
and once more inside each of their callers. Here they are handed on as they were translated, and everything is
optimised once, together, in the function that Python calls. But loops that call nothing are optimised
first, by themselves: within a larger function the compiler no longer sees that it may work on several
people at a time.

*References are counted* by numba whenever a function takes a column out of a state, with two atomic operations
each time. A function that only borrows, that allocates no array and hands none back, leaves every count as
it was; there they are left out. Whoever calls it holds what it borrows.

Both lean on numba's inner workings, which tests hold to what is said here: nothing leaks, no count changes,
and the numbers are those of the same code in plain Python.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numba.core.types as numba_types
from numba.core import compiler, ir
from numba.core.analysis import compute_cfg_from_blocks
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import AnalysisPass, register_pass
from numba.core.runtime.context import NRTContext
from numba.core.typed_passes import AnnotateTypes
from numba.core.typing import make_concrete_template

__all__ = ["Quietly", "hand_on"]

_PLAIN = ("getattr", "getitem", "static_getitem", "typed_getitem", "cast", "phi", "build_tuple")
"""Operations whose result, where it is an array, is a view of what there was before."""

types: Any = numba_types


class _Uncounted(NRTContext):  # type: ignore[misc]
    """Numba's book-keeping of memory, without the counting of references."""

    def incref(self, builder: Any, typ: Any, value: Any) -> None:
        """Leave the count as it is."""

    def decref(self, builder: Any, typ: Any, value: Any) -> None:
        """Leave the count as it is."""


@register_pass(mutates_CFG=False, analysis_only=True)
class _LeaveOutCounts(AnalysisPass):  # type: ignore[misc]
    """Leave reference counts out of a function that only borrows."""

    _name = "leave_out_counts"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        if _only_borrows(state):
            context = state.targetctx.subtarget()
            context.nrt = _Uncounted(context, context.enable_nrt)
            state.targetctx = context
        return False


@register_pass(mutates_CFG=False, analysis_only=True)
class _WorkOnLoops(AnalysisPass):  # type: ignore[misc]
    """Have a function optimised before it is handed on only if it is a loop that calls nothing."""

    _name = "work_on_loops"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        state.library.is_worked_on = _is_plain_loop(state)
        return False


def _is_plain_loop(state: Any) -> bool:
    """Whether a function has a loop, and what it calls of ours becomes part of it."""
    called = (
        state.typemap[value.func.name]
        for block in state.func_ir.blocks.values()
        for value in block.find_exprs("call")
    )
    ours = [kind.dispatcher for kind in called if isinstance(kind, types.Dispatcher)]
    inlined = all(one.targetoptions.get("forceinline") for one in ours)
    return inlined and bool(compute_cfg_from_blocks(state.func_ir.blocks).loops())


def _only_borrows(state: Any) -> bool:
    """Whether a function allocates no array and hands none back, nor does what it calls."""
    models = state.targetctx.data_model_manager

    def is_counted(kind: Any) -> bool:
        return bool(models[kind].contains_nrt_meminfo())

    if is_counted(state.return_type):
        return False
    for block in state.func_ir.blocks.values():
        for statement in block.body:
            stores = isinstance(statement, ir.SetItem | ir.StaticSetItem)
            if stores and is_counted(state.typemap[statement.value.name]):
                return False
            if not isinstance(statement, ir.Assign) or not isinstance(statement.value, ir.Expr):
                continue
            value, result = statement.value, state.typemap[statement.target.name]
            if value.op == "call":
                called = state.typemap[value.func.name]
                given = state.calltypes[value].args
                ours = isinstance(called, types.Dispatcher)
                if is_counted(result) or (not ours and any(is_counted(kind) for kind in given)):
                    return False
            elif (
                value.op == "getitem"
                and not _is_view(state.typemap[value.index.name])
                or value.op not in _PLAIN
                and is_counted(result)
            ):
                return False
    return True


def _is_view(index: Any) -> bool:
    """Whether an array with such an index is a view of the array, not a copy."""
    if isinstance(index, types.BaseTuple):
        return all(_is_view(one) for one in index)
    return isinstance(index, types.Integer | types.SliceType)


class Quietly(compiler.CompilerBase):  # type: ignore[misc]
    """Numba's usual compiler, with the garbage collector off: it finds nothing in numba's many small objects."""

    def define_pipelines(self) -> list[Any]:
        """One pipeline: that of compiled code without Python objects."""
        return [compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)]

    def compile_extra(self, func: Any) -> Any:
        """Compile a function."""
        with _no_collecting():
            return super().compile_extra(func)


@contextmanager
def _no_collecting() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _HandingOn(Quietly):
    """The same for a function as compiled code calls it: not optimised, no machine code, no needless counts.

    The function that Python calls keeps its counts, because it takes over what Python hands it.
    """

    def define_pipelines(self) -> list[Any]:
        """The usual pipeline, into a library that is not worked on until it is part of another."""
        codegen = self.state.targetctx.codegen()
        self.state.library = _Translation(codegen, self.state.func_id.func_qualname)
        [passes] = super().define_pipelines()
        passes.add_pass_after(_LeaveOutCounts, AnnotateTypes)
        passes.add_pass_after(_WorkOnLoops, AnnotateTypes)
        passes.finalize()
        return [passes]


class _Translation(JITCodeLibrary):  # type: ignore[misc]
    """What a function was translated to. It only becomes part of others, so that no machine code is made of it."""

    is_worked_on = False

    def _optimize_final_module(self) -> None:
        if self.is_worked_on:
            super()._optimize_final_module()

    def _finalize_final_module(self) -> None:
        self._finalized = True


class _Callee:
    """A function as other compiled functions call it: one translation for each set of types."""

    def __init__(self, dispatcher: Any) -> None:
        self._dispatcher = dispatcher
        self._found: dict[tuple[Any, ...], Any] = {}

    def template(self, arguments: Any, keywords: Any) -> Any:
        """What numba asks for when it meets a call: as ``Dispatcher.get_call_template``.

        ``f(0)`` and ``f(1)`` share one translation; numba would make one for each constant.
        """
        dispatcher = self._dispatcher
        plain = tuple(types.unliteral(argument) for argument in arguments)
        signature, folded = dispatcher._compiler.fold_argument_types(plain, keywords)
        self._translate(tuple(folded))
        name = dispatcher.py_func.__name__
        template = make_concrete_template(
            f"CallTemplate({name})", name, [found.signature for found in self._found.values()]
        )
        return template, signature, folded, {}

    def key(self, arguments: Any) -> Any:
        """Under which the target finds a translation: as ``Dispatcher.get_overload``."""
        return self, tuple(arguments)

    @global_compiler_lock  # type: ignore[untyped-decorator]
    def _translate(self, arguments: tuple[Any, ...]) -> None:
        if arguments in self._found:
            return
        described = self._dispatcher.targetdescr
        flags = compiler.Flags()
        described.options.parse_as_flags(flags, self._dispatcher.targetoptions)
        flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
        context = described.target_context
        found = compiler.compile_extra(
            described.typing_context, context, self._dispatcher.py_func, args=arguments,
            return_type=None, flags=flags, locals={}, pipeline_class=_HandingOn,
        )  # fmt: skip
        context.insert_user_function(self.key(arguments), found.fndesc, [found.library])
        self._found[arguments] = found


def hand_on(compiled: Callable[..., Any]) -> None:
    """Let other compiled functions take a function over untouched when they call it."""
    dispatcher: Any = compiled
    callee = _Callee(dispatcher)
    dispatcher.get_call_template = callee.template
    dispatcher.get_overload = callee.key
