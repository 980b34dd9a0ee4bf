"""config.yaml and the environment become a Config, or problems with their places."""

import contextlib
from dataclasses import fields, is_dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Config, Secret, default_config, load_config, read_config
from bot.config.keys import readers
from bot.domain.errors import ConfigBroken

HERE = Path("/shop")
EXAMPLE = Path(__file__).parent.parent / "config.example.yaml"
SET_IN_THE_EXAMPLE = {"disclosure", "env"}  # empty by default; the example business has some


def read(text: str, **env: str) -> Config:
    return read_config(text.encode(), HERE / "config.yaml", env)


def problems(text: str, **env: str) -> list[str]:
    with pytest.raises(ConfigBroken) as broken:
        read(text, **env)
    return list(broken.value.problems)


def test_without_a_word_the_defaults_hold():
    config = read("")

    assert config.data_folder == HERE / "state"
    assert config.rules_folder == HERE / "rules"
    assert config.pacing.preset == "careful"
    assert config.sessions[0].name == "default"
    assert config.asks_risk


def test_the_defaults_are_those_of_the_dataclasses():
    assert default_config(HERE, {}) == Config(
        folder=HERE, file=HERE / "config.yaml", origins={}, environ={}
    )


def test_every_scalar_is_text_until_its_key_decides():
    config = read("language: no\nlanguages: [no, se]\ntakeover: {ignore: [09:00, 0123]}")

    assert config.languages == ("no", "se")
    assert config.takeover.ignore == ("09:00", "0123")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("30s", 30), ("1h30m", 5400), ("500ms", 0.5), ("1.5s", 1.5), ("7d", 604800), ("0", 0)],
)
def test_durations_are_read(written, seconds):
    assert read(f"burst: {written}").burst == timedelta(seconds=seconds)


MISTAKES = {
    "pacng: off": """\
1:1: E101 unknown key 'pacng'
    = help: did you mean 'pacing'?""",
    "whatsapp:\n  headles: true": """\
2:3: E101 unknown key 'whatsapp.headles'
    = help: did you mean 'headless'?""",
    "pacing: careless": """\
1:9: E103 'careless' is not allowed for 'pacing'
    = help: did you mean 'careful'? one of: careful, normal, off""",
    "burst: 5 minutes": """\
1:8: E104 '5 minutes' is not a duration for 'burst'; write 30s, 20m, 12h, 7d or 1h30m""",
    "accept_risk: maybe": "1:14: E104 'maybe' is not true/false for 'accept_risk'",
    "console: {port: 99999}": """\
1:17: E104 'console.port' takes a whole number from 0 to 65535: '99999'""",
    "timezone: America/Sao_Paolo": """\
1:11: E103 'America/Sao_Paolo' is no time zone for 'timezone'
    = help: did you mean 'America/Sao_Paulo'?""",
    "whatsapp: {url: 'file:///etc'}": """\
1:17: E104 'file:///etc' is not an http(s) address for 'whatsapp.url'""",
    "- a": "1:1: E104 the file must hold a table of keys",
}


@pytest.mark.parametrize(("text", "problem"), MISTAKES.items())
def test_a_mistake_is_told_with_its_place(text, problem):
    assert problems(text) == [f"config.yaml:{problem}"]


def test_what_is_no_plain_yaml_is_told_as_in_rule_files():
    (problem,) = problems("burst: 1s\nburst: 2s")

    assert problem.startswith("config.yaml:2:1: E001 key 'burst' is written twice")


def test_all_mistakes_are_told_at_once():
    assert len(problems("pacng: off\nburst: soon\nconsole: 5\nlimits: {stack: 0}")) == 4


def test_the_environment_overrides_the_file():
    config = read(
        "whatsapp: {url: 'https://a.example/', headless: false}",
        ALEXIA_WHATSAPP__URL="http://127.0.0.1:9/",
        ALEXIA_ENV="SHOP, CAL",
        ALEXIA_PACING="off",
        ALEXIA_CRASH="t1:1",
    )

    assert config.whatsapp.url == "http://127.0.0.1:9/"
    assert not config.whatsapp.headless
    assert config.env == ("SHOP", "CAL")
    assert config.pacing.preset == "off"
    assert config.origins["whatsapp.url"] == "ALEXIA_WHATSAPP__URL"
    assert config.origins["whatsapp.headless"] == "config.yaml:1:49"


@pytest.mark.parametrize("host", ["localhost:9", "127.0.0.1", "192.168.0.7:8080", "[::1]:9"])
def test_a_webhook_that_no_call_reaches_is_told(host):
    hook = f"webhooks: [{{url: 'http://{host}/hook'}}]\n"

    (warning,) = read(hook).warnings
    assert warning.startswith("config.yaml:1:18: 'webhooks[0].url' leads to this machine or its")
    assert read(f"{hook}http: {{allow_local: true}}").warnings == ()
    assert read("webhooks: [{url: 'https://example.com/hook'}]").warnings == ()


def test_a_slip_in_a_name_of_the_environment_is_told():
    config = read("", ALEXIA_PACIN="off", ALEXIA_CONSOL__PORT="1", ALEXIA_CRASH="t1:1")

    assert config.warnings == (
        "ALEXIA_CONSOL__PORT is not read; did you mean ALEXIA_CONSOLE__PORT?",
        "ALEXIA_PACIN is not read; did you mean ALEXIA_PACING?",
    )


def test_a_mistake_in_the_environment_names_the_variable():
    assert problems("", ALEXIA_BURST="soon")[0].startswith("ALEXIA_BURST: E104 'soon'")


def test_pacing_takes_a_preset_or_a_table():
    assert read("pacing: normal").pacing.preset == "normal"
    assert read("pacing: {preset: normal, per_minute: 5}").pacing.per_minute == 5


def test_rules_read_only_the_names_that_are_listed():
    config = read("env: [SHOP, GONE]", SHOP="https://shop.example", SECRET_TOKEN="x")

    assert config.env_values == {"SHOP": "https://shop.example"}


def test_a_secret_comes_from_the_environment_or_a_file_and_is_never_printed(tmp_path):
    (tmp_path / "key").write_text("from-file\n")
    text = """
webhooks:
  - {url: 'https://a.example', hmac_key: '${HMAC}'}
  - {url: 'https://b.example', hmac_key: 'file:key'}
"""

    config = read_config(text.encode(), tmp_path / "config.yaml", {"HMAC": "from-env"})

    assert [hook.hmac_key for hook in config.webhooks] == [Secret("from-env"), Secret("from-file")]
    assert "from-" not in repr(config)
    assert config.warnings == ()


def test_nobody_is_told_that_the_whole_database_is_encrypted():
    read("storage: {encryption: none}")

    with pytest.raises(ConfigBroken, match="'sqlcipher' is not allowed"):
        read("storage: {encryption: sqlcipher}")


def test_a_secret_in_plain_sight_warns():
    config = read("storage: {key: hunter2}")

    assert "hunter2" not in config.warnings[0]
    assert config.warnings[0].startswith("config.yaml:1:16: 'storage.key' holds its secret")


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigBroken, match="alexia init"):
        load_config(tmp_path / "config.yaml", {})


def test_a_file_that_is_no_text_is_told():
    with pytest.raises(ConfigBroken, match=r"not UTF-8"):
        read_config(b"\xff\xfe\x00", HERE / "config.yaml", {})


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(raw):
    with contextlib.suppress(ConfigBroken):
        read_config(raw, HERE / "config.yaml", {})


def keys_of(kind, above=""):
    for one in readers(kind):
        default = next(f for f in fields(kind) if f.name == one).default_factory()
        if is_dataclass(default) and not isinstance(default, Secret):
            yield from keys_of(type(default), f"{above}{one}.")
        yield above + one


def test_the_example_holds_every_key_with_its_default():
    text = EXAMPLE.read_text("utf-8")
    example = read_config(text.encode(), EXAMPLE, {})
    defaults = default_config(EXAMPLE.parent, {})

    differing = {
        name for name in readers(Config) if getattr(example, name) != getattr(defaults, name)
    }

    assert differing == SET_IN_THE_EXAMPLE
    assert [name for name in keys_of(Config) if f"{name.split('.')[-1]}:" not in text] == []


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "bot.example.com"])
def test_a_console_that_others_can_reach_needs_tls_or_a_named_proxy(host):
    assert f"'{host}' can be reached from outside" in problems(f"console: {{host: '{host}'}}")[0]
    assert problems("", ALEXIA_CONSOLE__HOST=host)


@pytest.mark.parametrize(
    "console",
    ["{host: '127.0.0.2'}", "{host: '::1'}", "{host: localhost}", "{host: 0.0.0.0, port: 0}",
     "{host: 0.0.0.0, public_url: 'https://bot.example.com'}",
     "{host: 0.0.0.0, tls_cert: a.pem, tls_key: b.pem}"],
)  # fmt: skip
def test_a_console_that_is_guarded_may_listen(console):
    assert read(f"console: {console}").console


def test_a_certificate_without_its_key_is_a_mistake():
    assert "go together" in problems("console: {tls_cert: a.pem}")[0]


def test_a_proxy_in_the_clear_does_not_guard():
    assert problems("console: {host: 0.0.0.0, public_url: 'http://bot.example.com'}")


CRM = """
crm:
  hubspot:
    token: ${HUB}
    contacts: {firstname: first_name, area: lead.area}
    deals: {pipeline: sales, stages: {customer: closedwon}}
  chatwoot: {url: 'https://chat.example', token: '${CHAT}', webhook_secret: 'file:hook', inbox: 3,
             teams: {support: 4}}
sessions: [{name: default}, {name: north, chatwoot_inbox: 7}, {name: south}]
"""


def test_other_systems_are_read_with_credentials_by_reference(tmp_path):
    (tmp_path / "hook").write_text("h")
    env = {"HUB": "pat-1", "CHAT": "c"}
    config = read_config(CRM.encode(), tmp_path / "config.yaml", env)

    assert config.crm.hubspot.token == Secret("pat-1")
    assert config.crm.hubspot.deals.stages == {"customer": "closedwon"}
    assert config.crm.chatwoot.teams == {"support": 4}
    assert config.warnings == ()
    inboxes = [config.alone(name).sessions[0].chatwoot_inbox for name in config.names]
    assert inboxes == [3, 7, None]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{hubspot: {token: pat-1}}",
         "1:24: E104 'crm.hubspot.token' must not hold the secret itself\n"
         "    = help: write ${NAME} or file:PATH"),
        ("{hubspot: {token: '${GONE}'}}",
         "1:24: E103 the environment holds no GONE for 'crm.hubspot.token'\n"
         "    = help: set GONE where this command runs, or keep the value in a file: file:PATH"),
        ("{hubspot: {deals: {}}}", "1:16: E102 'crm.hubspot.token' is missing"),
        ("{hubspot: {token: '${HUB}', contacts: {a: firstname}}}",
         "1:44: E103 'firstname' is not allowed for 'crm.hubspot.contacts.a'\n"
         "    = help: did you mean 'first_name'? one of: name, first_name, last_name, number,"
         " language, tags, consent, stage, score, owner, fields.NAME, lead.NAME"),
        ("{hubspot: {token: '${HUB}', contacts: {a: xyz}}}",
         "1:44: E103 'xyz' is not allowed for 'crm.hubspot.contacts.a'\n"
         "    = help: one of: name, first_name, last_name, number,"
         " language, tags, consent, stage, score, owner, fields.NAME, lead.NAME"),
        ("{hubspot: {token: '${HUB}', contacts: x}}",
         "1:44: E104 'crm.hubspot.contacts' takes a table of names"),
        ("{chatwoot: {teams: x, url: 'https://c.example', token: '${HUB}',"
         " webhook_secret: '${HUB}', inbox: 1}}",
         "1:25: E104 'crm.chatwoot.teams' takes a table of team and number"),
    ],
)  # fmt: skip
def test_a_mistake_in_what_is_told_to_other_systems_has_its_place(text, told):
    assert problems(f"crm: {text}", HUB="x") == [f"config.yaml:{told}"]


def test_all_that_chatwoot_needs_is_asked_for_at_once():
    missing = [one.partition("E102 ")[2] for one in problems("crm: {chatwoot: {account: 2}}")]

    assert missing == [
        f"'crm.chatwoot.{name}' is missing" for name in ("url", "token", "webhook_secret", "inbox")
    ]


SEVERAL = (
    "sessions: [{name: default}, {name: north, rules: n/rules, pacing: off, language: pt,"
    " timezone: America/Sao_Paulo}]\npacing: normal"
)


def test_each_account_sees_only_itself():
    config = read(SEVERAL)
    main, north = (config.alone(name) for name in config.names)

    assert (main.language, north.language) == ("en", "pt")
    assert (main.timezone, north.timezone) == ("UTC", "America/Sao_Paulo")
    assert (main.home, north.home) == (HERE / "state", HERE / "state" / "sessions" / "north")
    assert north.database == HERE / "state" / "sessions" / "north" / "alexia.db"
    assert north.profile_folder == HERE / "state" / "sessions" / "north" / "profile"
    assert (main.rules_folder, north.rules_folder) == (HERE / "rules", HERE / "n" / "rules")
    assert main.flows_folder == north.flows_folder == HERE / "flows"
    assert (main.pacing.preset, north.pacing.preset) == ("normal", "off")
    assert north.data_folder == main.data_folder


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sessions: [{name: a}, {name: A}]", "the session name 'A' is given twice"),
        ("sessions: [{name: a}, {name: b}, {name: a}]", "the session name 'a' is given twice"),
        ("sessions: [{name: contacts}]", "'contacts' cannot be the name of a session"),
        ("sessions: [{name: ../x}]", "'../x' is not a short name"),
        ("sessions: []", "'sessions' needs at least one entry"),
        (
            "sessions: [{name: a, profile: p}, {name: b, profile: p}]",
            "'a' has the browser profile of 'b'",
        ),
        (
            "sessions: [{name: a}, {name: b}]\nwhatsapp: {profile: p}",
            "'whatsapp.profile' is one folder for several sessions",
        ),
    ],
)
def test_accounts_that_cannot_be_told_apart_are_told(text, told):
    assert told in problems(text)[0]


def test_one_account_on_the_real_whatsapp_is_enough_to_ask_for_the_risk():
    emulated = "sessions: [{name: a, url: 'http://127.0.0.1:9/'}, {name: b}]"

    assert read(emulated).asks_risk
    assert not read(
        emulated.replace("{name: b}", "{name: b, url: 'http://127.0.0.1:9/'}")
    ).asks_risk
