"""Do something again after each edit, until Ctrl-C."""

from collections.abc import Callable, Collection
from pathlib import Path

import click


def after_each_edit(folder: Path, again: Callable[[], object], also: Collection[Path] = ()) -> None:
    """Call ``again`` whenever a rule or flow file below a user's folder changed.

    Args:
        also: Further files and folders whose YAML files count.
    """
    import asyncio

    from bot.rulebook_files import watch_rulebook

    async def follow() -> None:
        async for _ in watch_rulebook(folder, asyncio.Event(), also):
            click.echo("")
            again()

    click.echo("watching; Ctrl-C ends it", err=True)
    try:
        asyncio.run(follow())
    except KeyboardInterrupt:
        click.echo("")
