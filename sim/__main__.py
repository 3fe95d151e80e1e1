"""`python -m sim VERB ...` is the same as the `sim` command."""

import contextlib
import os
import sys

if __name__ == "__main__":
    # `python -m` looks for every module in the working folder first, which may be a folder that somebody sent. Only a
    # checkout, with this package in it, is looked into.
    with contextlib.suppress(OSError):
        if sys.path[0] == os.getcwd() != os.path.dirname(os.path.dirname(os.path.abspath(__file__))):
            del sys.path[0]
    from sim.cli.main import main

    raise SystemExit(main())
