"""Tasks that know nothing of each other, on every core: each in a process that is forked off with all that was read."""

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
_tasks: Sequence[Callable[[], object]] = ()  # of a forked process; this one keeps none


def done(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """What each task gives, in the order given; the first that raises ends them all.

    A task sees what this process had read, and what it changes in memory is lost. It must not have opened
    a socket before, and each has a process of its own, so that it may fork a kernel.
    """
    with multiprocessing.get_context("fork").Pool(initializer=_hold, initargs=(tasks,), maxtasksperchild=1) as pool:
        return pool.map(_one, range(len(tasks)), chunksize=1)


def _hold(tasks: Sequence[Callable[[], object]]) -> None:
    global _tasks  # noqa: PLW0603  a closure is inherited, and cannot be sent
    _tasks = tasks


def _one(number: int) -> Any:
    return _tasks[number]()
