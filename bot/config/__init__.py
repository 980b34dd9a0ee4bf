"""The configuration: config.yaml and the environment become one frozen `Config`, or problems.

`load_config` is the door; `keys` says how a kind of key is read, `source` what stands in the file.
Reading is cheap: YAML is imported only where there is a file.

May import: domain, language.source.
Tests: tests/test_config.py.
"""
# ruff: noqa: FBT003 - `key` declares a default and its reader, as `field` does

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import timedelta
from pathlib import Path

from bot.config.accounts import MAIN, NAME, SESSIONS, check_accounts
from bot.config.crm import Crm, check_crm
from bot.config.keys import (
    Reading,
    Secret,
    by_language,
    duration,
    flag,
    kept_for,
    key,
    list_of,
    one_of,
    path,
    read_keys,
    readers,
    secret,
    shaped,
    table,
    text,
    timezone,
    web_address,
    whole,
)
from bot.config.listening import Console, check_console, warn_of_local
from bot.config.pace import PacingSettings, pacing
from bot.config.page import WHATSAPP, WhatsApp
from bot.config.source import add_environment, environment, read_file
from bot.config.spam import Spam
from bot.domain.data import dataclass
from bot.domain.errors import ConfigBroken, UnknownSession

__all__ = ["Config", "Console", "Secret", "load_config"]

CONFIG_NAME = "config.yaml"
LANGUAGE = shaped(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", "a language code like en or pt")
TEXT_LIST = list_of(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The models that read texts."""

    enabled: bool = key(True, flag)
    folder: Path = key(Path("models"), path)
    deadline: timedelta = key(timedelta(seconds=1.5), duration)
    threads: int = key(1, whole(1, 64))
    encoder: str = key("", text)
    sentiment: Mapping[str, str] = key({}, by_language)
    voice: str = key("", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """What happens when a person answers from the phone."""

    mute: timedelta = key(timedelta(hours=12), duration)
    ignore: tuple[str, ...] = key((), TEXT_LIST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """Calls that rules make to the outside."""

    allow_local: bool = key(False, flag)
    timeout: timedelta = key(timedelta(seconds=5), duration)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTarget:
    """A service that is told of events."""

    url: str = key("", web_address)
    events: tuple[str, ...] = key(("*",), TEXT_LIST)
    hmac_key: Secret = key(Secret(""), secret)
    retries: int = key(10, whole(0, 100))


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept. ``timedelta.max``: for ever."""

    messages: timedelta = key(timedelta.max, kept_for)
    media: timedelta = key(timedelta(days=90), kept_for)
    media_mb: int = key(10_000, whole(1, 100_000_000))
    traces: timedelta = key(timedelta(days=30), kept_for)
    raw: timedelta = key(timedelta(days=7), kept_for)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recycle:
    """When browser and daemon are opened anew by themselves. 0: never, or without a cap."""

    every: timedelta = key(timedelta(days=1), duration)
    idle: timedelta = key(timedelta(minutes=5), duration)
    least_life: timedelta = key(timedelta(minutes=10), duration)
    browser_mb: int = key(1500, whole(0, 1_000_000))
    daemon_mb: int = key(2000, whole(0, 1_000_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """How the database lies on disk.

    Attributes:
        encryption: Of the whole file: there is none; what is sensitive in it is always encrypted.
        key: Of what is sensitive; "": a file beside it.
    """

    encryption: str = key("none", one_of("none"))
    key: Secret = key(Secret(""), secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where a turn is cut off, so that no file can loop for ever."""

    stack: int = key(5, whole(1, 50))
    steps: int = key(200, whole(1, 10_000))
    sends: int = key(8, whole(1, 100))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """One logged-in account; what it does not say is as it is for all."""

    name: str = key(MAIN, NAME)
    url: str | None = key(None, web_address)
    rules: Path | None = key(None, path)
    flows: Path | None = key(None, path)
    profile: Path | None = key(None, path)
    pacing: PacingSettings | None = key(None, pacing)
    language: str | None = key(None, LANGUAGE)
    timezone: str | None = key(None, timezone)
    chatwoot_inbox: int | None = key(None, whole(1, 999_999_999))


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The configuration in force. Paths below are as written; the properties make them whole.

    What belongs to one account is told of the first one; `alone` puts each in that place.

    Attributes:
        folder: The folder of config.yaml; relative paths count from it.
        file: The file that was read, None for defaults alone.
        origins: Where each key that is not a default was written.
        warnings: Printable lines.
        environ: The environment that was read, for the names under ``env``.
    """

    folder: Path
    file: Path | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)

    data_dir: Path = key(Path("state"), path)
    whatsapp: WhatsApp = key(WhatsApp(), table(WhatsApp))
    sessions: tuple[AccountSettings, ...] = key(
        (AccountSettings(),), list_of(table(AccountSettings))
    )
    pacing: PacingSettings = key(PacingSettings(), pacing)
    accept_risk: bool = key(False, flag)
    models: Models = key(Models(), table(Models))
    env: tuple[str, ...] = key((), list_of(shaped(r"[A-Za-z_]\w*", "a name")))
    language: str = key("en", LANGUAGE)
    languages: tuple[str, ...] = key(("en", "es", "pt"), list_of(LANGUAGE))
    timezone: str = key("UTC", timezone)
    currency: str = key("USD", shaped(r"[A-Z]{3}", "a currency code like USD"))
    burst: timedelta = key(timedelta(0), duration)
    loop_guard: bool = key(True, flag)
    spam: Spam = key(Spam(), table(Spam))
    takeover: Takeover = key(Takeover(), table(Takeover))
    disclosure: Mapping[str, str] = key({}, by_language)
    max_reply_age: timedelta = key(timedelta(minutes=15), duration)
    missed_notice: Mapping[str, str] = key({}, by_language)
    http: Http = key(Http(), table(Http))
    console: Console = key(Console(), table(Console))
    webhooks: tuple[WebhookTarget, ...] = key((), list_of(table(WebhookTarget)))
    crm: Crm = key(Crm(), table(Crm))
    retention: Retention = key(Retention(), table(Retention))
    recycle: Recycle = key(Recycle(), table(Recycle))
    storage: Storage = key(Storage(), table(Storage))
    limits: Limits = key(Limits(), table(Limits))

    @property
    def data_folder(self) -> Path:
        """Where everything that the bot remembers lies."""
        return self.folder / self.data_dir

    @property
    def home(self) -> Path:
        """Where everything that the account remembers lies; its name alone says where."""
        name = self.sessions[0].name
        return self.data_folder if name == MAIN else self.data_folder / SESSIONS / name

    @property
    def database(self) -> Path:
        """The account's database file."""
        return self.home / "alexia.db"

    @property
    def profile_folder(self) -> Path:
        """The account's browser profile: whoever holds it holds the account."""
        chosen = self.sessions[0].profile or self.whatsapp.profile
        return self.folder / chosen if chosen else self.home / "profile"

    @property
    def rules_folder(self) -> Path:
        """The account's rules."""
        return self.folder / (self.sessions[0].rules or "rules")

    @property
    def flows_folder(self) -> Path:
        """The account's flows."""
        return self.folder / (self.sessions[0].flows or "flows")

    @property
    def models_folder(self) -> Path:
        """Intents, registry and heads."""
        return self.folder / self.models.folder

    @property
    def page_url(self) -> str:
        """The address of WhatsApp Web for the account."""
        return self.sessions[0].url or self.whatsapp.url

    @property
    def asks_risk(self) -> bool:
        """A real account is driven and nobody has accepted the risk yet."""
        pages = [one.url or self.whatsapp.url for one in self.sessions]
        return not self.accept_risk and any(one.startswith(WHATSAPP.rstrip("/")) for one in pages)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the accounts, as they stand in the file."""
        return tuple(one.name for one in self.sessions)

    def meant(self, name: str) -> str:
        """Return the account that a name means; "" the only one, or ``default``.

        Raises:
            UnknownSession: There is none of that name, or none was given where it must be.
        """
        wanted = name or (MAIN if len(self.sessions) > 1 else self.names[0])
        if wanted not in self.names:
            raise UnknownSession(name, self.names)
        return wanted

    def alone(self, name: str) -> "Config":
        """Return the configuration as one account sees it. Raises UnknownSession."""
        for account in self.sessions:
            if account.name == name:
                chatwoot = self.crm.chatwoot if account is self.sessions[0] else None
                inbox = account.chatwoot_inbox or (chatwoot.inbox if chatwoot else None)
                return replace(
                    self,
                    sessions=(replace(account, chatwoot_inbox=inbox),),
                    pacing=account.pacing or self.pacing,
                    language=account.language or self.language,
                    timezone=account.timezone or self.timezone,
                )
        raise UnknownSession(name, self.names)

    @property
    def env_values(self) -> dict[str, str]:
        """What rules may read as ``env.NAME``: the listed names that the environment holds."""
        return {name: self.environ[name] for name in self.env if name in self.environ}


def load_config(file: Path | None = None, env: Mapping[str, str] | None = None) -> Config:
    """Return the configuration of a file, ``./config.yaml`` when None is given.

    Args:
        env: Stands for the environment of this process; names with ``ALEXIA_`` override keys.

    Raises:
        ConfigBroken: With every problem at once, each with its place.
    """
    wanted = file or Path(CONFIG_NAME)
    try:
        raw = wanted.read_bytes()
    except OSError as failure:
        hint = "make one with `alexia init`, or name one with --config PATH"
        raise ConfigBroken((f"{wanted}: {failure.strerror}; {hint}",)) from failure
    return read_config(raw, wanted.absolute(), environment() if env is None else env)


def default_config(folder: Path, env: Mapping[str, str] | None = None) -> Config:
    """Return the defaults for a folder without a config.yaml, with the environment over them."""
    env = environment() if env is None else env
    return read_config(b"", folder.absolute() / CONFIG_NAME, env)


def read_config(raw: bytes, file: Path, env: Mapping[str, str]) -> Config:
    """Return the configuration that these bytes of ``file`` hold. Raises ConfigBroken."""
    reading = Reading(folder=file.parent, env=env)
    written = read_file(reading, file.name, raw) if raw.strip() else {}
    found = add_environment(reading, written, tuple(readers(Config)))
    values = read_keys(reading, Config, "", found)
    _check_whole(reading, values)
    if reading.problems:
        raise ConfigBroken(tuple(reading.problems))
    return Config(
        folder=file.parent,
        file=file,
        origins=reading.origins,
        warnings=tuple(reading.warnings),
        environ=env,
        **values,
    )


def _check_whole(reading: Reading, values: Mapping[str, object]) -> None:
    """Note what only shows when several keys are seen together."""
    accounts, whatsapp = values.get("sessions"), values.get("whatsapp")
    if isinstance(accounts, tuple):
        profiles = {one.name: str(one.profile) for one in accounts if one.profile}
        shared = whatsapp.profile if isinstance(whatsapp, WhatsApp) else None
        check_accounts(reading, [one.name for one in accounts], profiles, shared)
    hooks, http = values.get("webhooks"), values.get("http", Http())
    if isinstance(hooks, tuple) and isinstance(http, Http) and not http.allow_local:
        warn_of_local(reading, [one.url for one in hooks])
    console = values.get("console")
    if isinstance(console, Console):
        check_console(reading, console)
    crm = values.get("crm")
    if isinstance(crm, Crm):
        check_crm(reading, crm)
