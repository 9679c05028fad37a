"""Browsing: Datasette over the publication, with pages for bodies, reports, findings and kept sources.

`serve(out)` runs it; `app(out)` gives the Datasette for tests. Heavy imports wait for either.
"""

from __future__ import annotations

import errno
import json
import socket
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import ArchiveError, ArchiveMissing, translated

if TYPE_CHECKING:
    from datasette.app import Datasette

SETTINGS = {
    "sql_time_limit_ms": 1000,
    "max_returned_rows": 1000,
    "num_sql_threads": 8,
    "facet_time_limit_ms": 200,
    "suggest_facets": False,
    "allow_download": False,
    "allow_csv_stream": False,
    "default_cache_ttl": 300,
}


class PortInUse(ArchiveError):
    """Another program listens at the port already."""


class NotPublished(ArchiveMissing):
    """There is no publication in this folder."""


def app(out: Path | str) -> Datasette:
    """Datasette over OUT/nianbao.db, opened immutable, with our pages. Raises NotPublished."""
    from datasette.app import Datasette
    from datasette.plugins import pm

    from web import guard, metadata, plugin

    path = Path(out).absolute() / "nianbao.db"
    if not path.is_file():
        raise NotPublished(
            f"{out}: nothing is published here; run `nianbao publish` first or give another --out"
        )
    # With rich installed Datasette prints every 404 with all its local variables: 0.7 s and a page of log.
    pm.get_plugin("datasette.handle_exception").rich = None
    for room in (plugin, guard):
        if not pm.is_registered(room):
            pm.register(room)
    site = Datasette(
        immutables=[str(path)],
        inspect_data=_inspect(path),
        metadata=metadata.metadata(path),
        settings=SETTINGS,
        static_mounts=[("assets", str(Path(__file__).parent / "static"))],
    )
    site.remove_database(path.stem)
    site.add_database(guard.Guarded(site, str(path), is_mutable=False), name=path.stem)
    return site


def serve(out: Path | str, port: int = 8001, host: str = "127.0.0.1", url: str = "") -> None:
    """Serve the publication until interrupted; a newer one is taken up as soon as it is swapped in.

    `url` is where readers find the site; without it nothing that a stranger calls it is put into addresses.

    Raises PortInUse or NotPublished before anything is served.
    """
    path = Path(out).absolute() / "nianbao.db"
    with closing(listen(host, port)) as listener, suppress(KeyboardInterrupt):
        while _serve_one(path, listener, url):
            pass


def _serve_one(path: Path, listener: socket.socket, url: str) -> bool:
    """Serve one publication; true when it ended because another took its place."""
    import uvicorn

    from web.behind.addressed import Addressed
    from web.behind.apart import mark_of
    from web.behind.backroom import Backroom
    from web.showing import showing

    site, began = app(path.parent), mark_of(str(path))

    async def look() -> None:
        server.should_exit = server.should_exit or mark_of(str(path)) != began

    rooms = Backroom(site.app())
    config = uvicorn.Config(
        Addressed(rooms, url) if url else rooms,
        log_level="warning",
        lifespan="on",
        server_header=False,
        callback_notify=look,
        timeout_notify=2,
    )
    server = uvicorn.Server(config)
    # Waiting visitors stay in the queue of the listener, which outlives the server.
    site.get_database("nianbao").warm_up()
    try:
        server.run(sockets=[listener.dup()])
    finally:
        site.executor.shutdown(wait=False)
        site.get_database("nianbao").close()
        showing().close()
        showing.cache_clear()
    return mark_of(str(path)) != began


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the port, or PortInUse with what to do about it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        what, remedy = "cannot be listened at", "give --host an address of this machine"
        if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES):
            what, remedy = (
                "is taken, or not yours to take",
                f"give another --port, such as {max(port, 8000) + 1}",
            )
        why = error.strerror.lower() if isinstance(error, OSError) and error.strerror else error
        raise PortInUse(f"{host}:{port} {what} ({why}); {remedy}") from error
    return listener


def _inspect(path: Path) -> dict[str, object]:
    """What Datasette would count and hash at its start, as the publication knows it already."""
    from archive.publication.snapshot import FORMAT

    with translated(path), closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
        known = {row[0] for row in conn.execute("select name from sqlite_master where type = 'table'")}
        meta = dict(conn.execute("select key, value from meta")) if "meta" in known else {}
    if meta.get("format") != FORMAT:
        raise NotPublished(f"{path} was published by another version of nianbao; run `nianbao publish` again")
    counts = json.loads(meta["counts"])
    tables = {name: {"count": count} for name, count in counts.items() if name in known}
    return {
        "nianbao": {"hash": _hash(path), "size": path.stat().st_size, "file": path.name, "tables": tables}
    }


def _hash(path: Path) -> str:
    """The database's SHA-256 from the checksums beside it, so that gigabytes need not be read again."""
    sums = path.with_name("SHA256SUMS")
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    return next((line.split()[0] for line in lines if line.endswith(f"  {path.name}")), "0" * 64)
