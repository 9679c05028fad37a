"""Past one machine, on Dask: crawls by part, readings by batch. Ids travel in the graph, never bodies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from nianbao.front.exits import CommandError, Exit

if TYPE_CHECKING:
    from distributed import Client

ANSWER = 15
"""Seconds that a scheduler has to answer."""
PACE = 1000
"""Milliseconds between two looks that a process of Dask takes at itself; of its own accord it takes one each 10 to 20."""


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A client of the scheduler at `address` (tcp://host:8786), with workers that run this version of Nianbao.

    Raises CommandError that says what is missing: the extra, the scheduler, its workers, or the same version.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise CommandError(
            "--cluster needs Dask; install it: pip install 'nianbao[cluster]'", Exit.CONFIGURATION
        ) from error
    try:
        client = Client(address, timeout=ANSWER)
    except (OSError, ValueError, TimeoutError) as error:
        raise CommandError(
            f"{address}: no Dask scheduler answers; give an address such as tcp://10.0.0.1:8786, or start one: dask scheduler",
            Exit.CONFIGURATION,
        ) from error
    with client:
        _check(client, address)
        _calm(client)
        yield client


def _check(client: Client, address: str) -> None:
    if not client.scheduler_info(n_workers=-1)["workers"]:
        raise CommandError(
            f"{address}: the scheduler has no workers; start some: dask worker {address}", Exit.CONFIGURATION
        )
    own = version()
    others = {worker: found for worker, found in client.run(version).items() if found != own}
    if others:
        worker, found = next(iter(others.items()))
        raise CommandError(
            f"{worker} runs {found}, and this is {own}; install the same version on all machines",
            Exit.CONFIGURATION,
        )


def _calm(client: Client) -> None:
    """Leaves the processors of the cluster to the work. A process that cannot be told keeps its pace."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    client.run(slow_down, on_error="ignore")
    watched = [address for address, worker in workers.items() if worker["nanny"]]
    client.run(slow_down, workers=watched, nanny=True, on_error="ignore")
    # A scheduler may know nothing of us, or run nothing for anybody.
    with suppress(ImportError, ValueError):
        client.run_on_scheduler(slow_down)


def slow_down(dask_worker: Any = None, dask_scheduler: Any = None) -> None:
    """Makes a process of Dask's take samples of its stack and of its loop more seldom."""
    callbacks = (dask_worker or dask_scheduler).periodic_callbacks
    for name in ("profile", "tick"):
        if name in callbacks:
            callbacks[name].callback_time = PACE


def version() -> str:
    """What must be the same on all machines."""
    from importlib.metadata import version as installed

    from parsers import PARSER_VERSION

    return f"nianbao {installed('nianbao')} with parser {PARSER_VERSION}"
