"""``python -m bot.emulator --port P --data DIR``: run the emulator until interrupted."""

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path

from bot.emulator.server import serve


def _say_where(port: int) -> None:
    sys.stdout.write(f"emulator: http://127.0.0.1:{port}/ (phones: /phone)\n")
    sys.stdout.flush()


def main() -> None:
    """Read the two arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m bot.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="loopback port; 0 picks a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder of the state on disk")
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments.port, arguments.data, on_ready=_say_where))


if __name__ == "__main__":
    main()
