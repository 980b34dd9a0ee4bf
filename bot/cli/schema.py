"""`alexia schema` and the reference of all keys."""

import json
from pathlib import Path

import click

from bot.cli.options import unused_config_option


@click.command()
@click.option("--reference", is_flag=True, help="The same as a page for people, in Markdown.")
@click.option("--output", type=click.Path(path_type=Path), help="Write to a file.")
@click.option("--json", is_flag=True, hidden=True, expose_value=False)
@unused_config_option
def schema(reference: bool, output: Path | None) -> None:
    """Print the JSON Schema of rule files, for editors."""
    if reference:
        from bot.language.reference import reference_page

        text = reference_page()
    else:
        from bot.language.schema import rule_file_schema

        text = json.dumps(rule_file_schema(), indent=1, ensure_ascii=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
