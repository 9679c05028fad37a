"""`nianbao`, and `python -m nianbao`: from the first moment a signal ends it as it ends every command."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130
"""`Exit.INTERRUPTED`, which is not loaded yet."""


def main() -> int:
    """Runs one command; until its modules are loaded, a signal ends the process at once."""
    take_signals()
    from nianbao import cli

    return cli.main()


def take_signals() -> None:
    """What asks us to end does so in order from now on; what is ignored (nohup) stays so."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(_number: int, _frame: FrameType | None) -> None:
    """Nothing was begun, so there is nothing to put away, and a half-loaded module need not be unwound."""
    os.write(2, b"nianbao: interrupted; run it again, it goes on\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
