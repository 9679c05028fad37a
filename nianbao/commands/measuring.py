"""`nianbao quality`: the measured error rate of what is published."""

from __future__ import annotations

import json as encoding
from pathlib import Path
from typing import Annotated

import typer

from nianbao.front import terminal
from nianbao.front.exits import Exit
from nianbao.front.options import ARCHIVE, PUBLIC, Db, Json, Out

SAMPLE = Path("data/quality")
app = typer.Typer(help="The measured error rate of what is published.", no_args_is_help=True)


def draw(
    number: Annotated[int, typer.Option("--n", min=1, help="How many cells.")] = 400,
    seed: Annotated[int, typer.Option("--seed", help="The same seed draws the same cells.")] = 1,
    to: Annotated[Path, typer.Option("--to", help="A new folder for the page and the sources.")] = SAMPLE,
    out: Out = PUBLIC,
    json: Json = False,
) -> Exit:
    """Draw cells by chance, and make a local page that shows the marked source of each and asks what is printed.

    Two persons open it, answer alone, save, and put their answers-NAME.csv beside it. What was read is in read.csv, which
    neither looks at before.

    Example: [bold]nianbao quality draw --n 400 --seed 7 --to data/quality[/bold]
    """
    from nianbao.quality.drawing import PAGE
    from nianbao.quality.drawing import draw as drawn

    found = drawn(out, number, seed, to)
    if json:
        terminal.show_json({"page": str(to / PAGE), "cells": len(found), "seed": seed})
    else:
        terminal.say(f"{to / PAGE}: {len(found)} cells; two persons answer, then run `nianbao quality score`")
    return Exit.OK


def score(
    sample: Annotated[
        Path, typer.Option("--from", help="The folder with the answers of two persons.")
    ] = SAMPLE,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Say how often what is published is not what is printed, with its exact bound, and how well the persons agree.

    The result is kept as quality.json beside the archive: the next `nianbao publish` takes it into the release.

    Example: [bold]nianbao quality score --from data/quality[/bold]
    """
    from archive.publish import QUALITY
    from nianbao.quality.scoring import score as scored

    found = scored(sample).as_json()
    db.with_name(QUALITY).write_text(encoding.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    if json:
        terminal.show_json(found)
        return Exit.OK
    for name in ("errors", "silent"):
        rate = found[name]
        bound = f"{rate['low']:.2%} to {rate['high']:.2%}"
        terminal.say(f"{name}: {rate['wrong']} of {rate['of']}; the true share lies between {bound}")
    agreed = "" if found["kappa"] is None else f", kappa {found['kappa']:.3f}"
    terminal.say(f"agreement: {found['agreement']:.1%} of {found['answered']}{agreed}; open: {found['open']}")
    return Exit.OK


def offer(parent: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command()(draw)
    app.command()(score)
    parent.add_typer(app, name="quality")
