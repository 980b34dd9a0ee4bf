"""Reads the fields of a JSON object and refuses those that the contract does not know."""

from bot.emulator.web import Refused

_MISSING = object()


class Fields:
    """The fields of one JSON object; each read names what it wants, ``done`` refuses the rest."""

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, dict):
            raise Refused(400, f"{what} must be a JSON object")
        self._values: dict[str, object] = dict(value)
        self._what = what

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def take(self, name: str) -> object:
        """Return a field as it is, None when it is not there."""
        return self._values.pop(name, None)

    def _need(self, name: str, kind: type | tuple[type, ...], word: str, default: object) -> object:
        value = self._values.pop(name, None)
        if value is None:
            if default is _MISSING:
                raise Refused(400, f"{self._what} needs {name!r} ({word})")
            return default
        wrong_bool = isinstance(value, bool) and kind is not bool
        if wrong_bool or not isinstance(value, kind):
            raise Refused(400, f"{name!r} of {self._what} must be {word}")
        return value

    def text(self, name: str, default: object = _MISSING) -> str:
        """Return a text; ``default`` when it is missing."""
        return str(self._need(name, str, "a text", default))

    def maybe_text(self, name: str) -> str | None:
        """Return a text, None when it is missing."""
        value = self._need(name, str, "a text", None)
        return None if value is None else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return true or false; ``default`` when it is missing."""
        return bool(self._need(name, bool, "true or false", default))

    def whole(self, name: str, default: object = _MISSING) -> int:
        """Return a whole number; ``default`` when it is missing."""
        value = self._need(name, (int, float), "a whole number", default)
        assert isinstance(value, (int, float))
        return int(value)

    def number(self, name: str) -> float:
        """Return a number."""
        value = self._need(name, (int, float), "a number", _MISSING)
        assert isinstance(value, (int, float))
        return float(value)

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, empty when it is missing."""
        value = self._need(name, list, "a list of texts", [])
        assert isinstance(value, list)
        if not all(isinstance(item, str) for item in value):
            raise Refused(400, f"{name!r} of {self._what} must be a list of texts")
        return value

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """Return one of the given words."""
        value = self.text(name)
        if value not in choices:
            raise Refused(400, f"{name!r} of {self._what} must be one of {', '.join(choices)}")
        return value

    def within(self, name: str) -> "Fields | None":
        """Return an object inside this one, None when it is missing."""
        value = self._values.pop(name, None)
        return None if value is None else Fields(value, f"{name!r} of {self._what}")

    def rest(self) -> dict[str, object]:
        """Return every field that nobody read yet."""
        values, self._values = self._values, {}
        return values

    def done(self) -> None:
        """Refuse fields that nobody read.

        Raises:
            Refused: With 400 and the names of the unknown fields.
        """
        if self._values:
            names = ", ".join(sorted(repr(name) for name in self._values))
            raise Refused(400, f"{self._what} has unknown fields: {names}")
