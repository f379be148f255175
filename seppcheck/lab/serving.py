"""The lab's thread: servers that run in an event loop of their own while the lab is open."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from typing import Any

Peer = AbstractAsyncContextManager[Any]
_START_SECONDS = 30.0


@contextmanager
def served(peers: Sequence[Peer]) -> Iterator[None]:
    """Run the peers in a thread with an event loop of its own.

    The selector loop everywhere: on Windows the other one stops reading a UDP socket after a client
    closed its port too early.
    """
    started: Future[Callable[[], object]] = Future()

    def serve() -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(_serve(peers, started))

    thread = threading.Thread(target=serve, name="seppcheck lab", daemon=True)
    thread.start()
    stop = started.result(_START_SECONDS)
    try:
        yield
    finally:
        stop()
        thread.join()


async def _serve(peers: Sequence[Peer], started: Future[Callable[[], object]]) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    try:
        async with AsyncExitStack() as stack:
            for peer in peers:
                await stack.enter_async_context(peer)
            started.set_result(lambda: loop.call_soon_threadsafe(ended.set))
            await ended.wait()
    except BaseException as error:
        if started.done():
            raise
        started.set_exception(error)  # the thread that waits tells it
