"""What goes wrong, on request: the faults of the contract with their defaults."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from bot.emulator.web import Refused

CHOICES: Mapping[str, tuple[str, ...]] = {
    "equal_id": ("resend", "merge", "throw"),
    "serialized_key": ("_serialized", "$1"),
    "offline_delivery": ("new", "history"),
    "live_delivery": ("new", "history"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """The faults in force; see docs of the control API for the meaning of each."""

    drop_equal_ids: bool = False
    equal_id: str = "resend"
    resend_clock_on_start: bool = True
    send_latency_ms: tuple[int, int] = (0, 0)
    ack_delay_ms: tuple[int, int] = (20, 60)
    acks: bool = True
    events: bool = True
    online: bool = True
    fail_next_sends: int = 0
    restrict_new_chats: bool = False
    warning_banner: bool = False
    missing_modules: tuple[str, ...] = ()
    serialized_key: str = "_serialized"
    lid_chats: bool = False
    lid_redirect: bool = False
    offline_delivery: str = "new"
    live_delivery: str = "new"  # "history": as a part of the history, which is never raised as new
    clock_behind_s: int = 0  # WhatsApp's clock is so far behind this computer's
    history_held: int = 0  # messages of each chat that a page holds when it opens; 0: all
    history_unheld: bool = False  # a page that opens holds none, only the key of each chat's last

    def as_json(self) -> dict[str, object]:
        """Return the faults as a JSON object."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


def _checked(name: str, value: object, default: object) -> object:
    match default:
        case bool() if isinstance(value, bool):
            return value
        case bool():
            raise Refused(400, f"the fault {name!r} must be true or false")
        case int() if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        case str() if value in CHOICES[name]:
            return value
        case tuple() if isinstance(value, list) and _fits(name, value):
            return tuple(value)
        case _:
            raise Refused(400, f"{value!r} is not allowed for the fault {name!r}")


def _fits(name: str, value: list[object]) -> bool:
    if name == "missing_modules":
        return all(isinstance(item, str) for item in value)
    match value:
        case [int(low), int(high)]:
            return 0 <= low <= high
        case _:
            return False


def changed(faults: Faults, wanted: object) -> Faults:
    """Return the faults with the wanted changes.

    Raises:
        Refused: With 400 for an unknown fault or a value that it does not take.
    """
    if not isinstance(wanted, dict):
        raise Refused(400, "faults must be a JSON object")
    defaults = {field.name: field.default for field in fields(Faults)}
    unknown = sorted(set(wanted) - set(defaults))
    if unknown:
        raise Refused(400, f"faults has unknown fields: {', '.join(map(repr, unknown))}")
    checked = {name: _checked(name, value, defaults[name]) for name, value in wanted.items()}
    return replace(faults, **checked)  # type: ignore[arg-type]
