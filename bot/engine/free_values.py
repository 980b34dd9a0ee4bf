"""Values as they are written in a file: what a free text stands for."""

import re
from collections.abc import Mapping

from bot.domain.values import Value
from bot.language.actions import Setting
from bot.language.templates import Template


def free_value(text: str) -> Value:
    """Return a free text as the value it says: true, false, none, a number, else the text."""
    match text.strip():
        case "true":
            return True
        case "false":
            return False
        case "none" | "null":
            return None
        case plain if re.fullmatch(r"-?(?:0|[1-9][0-9]{0,14})", plain):
            return int(plain)
        case plain if re.fullmatch(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,9}", plain):
            return float(plain)
        case _:
            return text.replace("$$(", "$(")


def constant(setting: Setting | None) -> Value:
    """Return the value of a setting without expressions; none for what is to be worked out."""
    match setting:
        case Template(is_plain=True, source=source):
            return free_value(source)
        case tuple():
            return [constant(one) for one in setting]
        case Mapping():
            return {name: constant(one) for name, one in setting.items()}
        case _:
            return None
