"""`python -m sample serve` serves the country; `python -m sample render DIR` writes it for looking at."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from sample.answers import report_answer
from sample.forms.markup import as_html
from sample.forms.pdf import as_pdf
from sample.forms.plain import as_text
from sample.forms.word import as_docx
from sample.make import YEARS, country, every_family
from sample.server import Server
from sample.truth import Country, Truth


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 2 when the port is in use or the sizes are wrong."""
    options = _parser().parse_args(arguments)
    try:
        made = (
            every_family(options.seed)
            if options.families
            else country(options.seed, options.bodies, options.years)
        )
        if options.command == "render":
            render(made, options.directory)
        else:
            serve(made, options)
    except (OSError, ValueError) as error:
        print(f"sample: {error}", file=sys.stderr)
        return 2
    return 0


def serve(made: Country, options: argparse.Namespace) -> None:
    """Serve until interrupted; `--registry` writes the registry to crawl with."""
    with Server(made, options.night, options.port) as server:
        print(*server.urls(), sep="\n", flush=True)
        if options.registry:
            options.registry.write_text(server.registry_csv(), encoding="utf-8")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


def render(made: Country, directory: Path) -> None:
    """Write every report as text, HTML, Word and PDF, with its truth as JSON beside it."""
    directory.mkdir(parents=True, exist_ok=True)
    for report in made.reports:
        _render(report, directory / f"{report.body.name}-{report.year}")
    print(f"{len(made.reports)} reports in {directory}")


def _render(report: Truth, stem: Path) -> None:
    files = {
        "txt": as_text(report).encode(),
        "html": f'<meta charset="utf-8"><h1>{report.title}</h1>\n{as_html(report)}'.encode(),
        "docx": as_docx(report),
        "pdf": as_pdf(report),
        "json": json.dumps(report_answer(report, 80), ensure_ascii=False, indent=1).encode(),
    }
    for suffix, content in files.items():
        stem.with_name(f"{stem.name}.{suffix}").write_bytes(content)


def _years(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sample", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bodies", type=int, default=12)
    parser.add_argument(
        "--years", type=_years, default=YEARS, help="the years of its reports: 2027, or 2019-2025"
    )
    parser.add_argument(
        "--families", action="store_true", help="the country with a site for each CMS dialect"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="serve the country until interrupted")
    serving.add_argument("--port", type=int, default=0)
    serving.add_argument("--night", type=int, default=1)
    serving.add_argument("--registry", type=Path, help="write the registry to this file")
    rendering = commands.add_parser("render", help="write the reports as files")
    rendering.add_argument("directory", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
