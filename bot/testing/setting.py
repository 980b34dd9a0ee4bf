"""In which settings, and from which moment on, a test is played."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.spam import MUTE, OFF
from bot.domain.turns import TurnSettings
from bot.testing.lines import Test
from bot.testing.room import START


def settings_for(test: Test, base: TurnSettings) -> TurnSettings:
    """Return the settings of a run with what a test says over them."""
    env = test.given.get("env")
    own = {str(k): str(v) for k, v in env.items()} if isinstance(env, dict) else {}
    return replace(
        base,
        timezone=test.timezone or base.timezone,
        language=test.language or base.language,
        currency=test.currency or base.currency,
        env={**base.env, **own},
        disclosure={},
        spam=replace(base.spam, guard=MUTE if test.spam else OFF),
    )


def start_of(test: Test, settings: TurnSettings) -> datetime:
    """Return when the test begins, local to its time zone."""
    said = datetime.fromisoformat(test.now) if test.now else START.replace(tzinfo=None)
    if said.tzinfo is None:
        said = said.replace(tzinfo=ZoneInfo(settings.timezone))
    return said.astimezone(UTC)
