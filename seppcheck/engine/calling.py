"""Calling a source: in the event loop, or in a thread where it blocks."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from seppcheck.model.sources import Source


async def call(source: Source, arguments: Mapping[str, object]) -> Any:
    """Return what a source answers."""
    if inspect.iscoroutinefunction(source.function):
        return await source.function(**arguments)
    return await _in_thread(lambda: source.function(**arguments))


def _in_thread(work: Callable[[], Any]) -> Awaitable[Any]:
    """Run blocking work in a daemon thread: unlike an executor's, it cannot hold up the end of the run."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def deliver(setter: Callable[[Any], None], value: Any) -> None:
        if not future.done():
            setter(value)

    def body() -> None:
        setter: Callable[[Any], None]
        try:
            value, setter = work(), future.set_result
        except Exception as error:  # noqa: BLE001 - carried over to the waiting side, which judges it
            value, setter = error, future.set_exception
        try:
            loop.call_soon_threadsafe(deliver, setter, value)
        except RuntimeError:
            return  # the run has ended meanwhile; nobody waits any more

    threading.Thread(target=body, daemon=True).start()
    return future
