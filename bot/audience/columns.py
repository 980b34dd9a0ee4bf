"""What the columns of a table mean: found by their names, or said."""

from collections.abc import Collection, Mapping, Sequence

from bot.domain.data import dataclass
from bot.domain.errors import BotError
from bot.language.folding import fold
from bot.language.problems import did_you_mean

NAMES: Mapping[str, tuple[str, ...]] = {
    "number": (
        "number", "phone", "phone number", "telephone", "mobile", "mobile phone", "cell",
        "cell phone", "cellphone", "whatsapp", "whatsapp number", "numero", "telefone", "telefono",
        "fone", "celular", "movil", "numero de telefone", "numero de telefono", "telemovel",
        "handy", "telefon",
    ),
    "name": ("name", "full name", "nome", "nome completo", "nombre", "nombre completo", "cliente",
             "customer", "contact", "contato", "contacto"),
    "first_name": ("first name", "given name", "primeiro nome", "nombre de pila", "vorname"),
    "last_name": ("last name", "surname", "family name", "sobrenome", "apellido", "apellidos",
                  "nachname"),
    "language": ("language", "lang", "idioma", "lingua", "sprache"),
    "timezone": ("timezone", "time zone", "fuso horario", "zona horaria"),
    "tags": ("tags", "tag", "labels", "label", "etiquetas", "etiqueta", "grupos", "groups"),
    "lead_stage": ("lead stage", "stage", "etapa", "estagio", "fase"),
    "lead_score": ("lead score", "score", "pontuacao", "puntuacion"),
    "lead_owner": ("lead owner", "owner", "responsavel", "responsable", "vendedor", "vendedora"),
    "consent": ("consent", "opt in", "optin", "consentimento", "consentimiento", "aceita",
                "acepta"),
    "consent_when": ("consent when", "consent at", "consent date", "data do consentimento",
                     "fecha del consentimiento"),
    "consent_source": ("consent source", "origem do consentimento", "origen del consentimiento"),
    "consent_wording": ("consent wording", "consent text", "texto do consentimento",
                        "texto del consentimiento"),
    "consent_proof": ("consent proof", "prova do consentimento", "prueba del consentimiento"),
}  # fmt: skip
"""What of a person a column may hold beside declared fields, with the names it goes by."""

OURS = frozenset((
    "id", "first seen", "last seen", "identities", "consent who",
    "import row", "import reason", "import remedy",
))  # fmt: skip
"""What our own tables have beside: it is known, and not taken in."""

IGNORED = "-"
"""What `--map COLUMN=-` leaves out."""


@dataclass(eq=False)
class ColumnsRefused(BotError):
    """The columns of a table cannot be understood; nothing was imported."""

    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.reasons)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row what stands.

    Attributes:
        places: Number, name … or a declared field, to the place of its column.
        ignored: What is not imported, with the reason.
    """

    places: Mapping[str, int]
    ignored: tuple[str, ...]


def understand(
    header: Sequence[str], fields: Collection[str], said: Mapping[str, str]
) -> Columns:  # fmt: skip
    """Return what the columns mean.

    Args:
        said: Columns by name, to what they hold; `IGNORED` leaves one out.

    Raises:
        ColumnsRefused: With every reason at once.
    """
    reasons = [*_wrong(header, fields, said)]
    places = _said(header, said, reasons)
    ignored: list[str] = []
    for place, column in enumerate(header):
        if column and column not in said:
            target = _found(column, fields)
            if not target or target in places:
                ignored += _left(column, header[places[target]] if target else "", target, fields)
            else:
                places[target] = place
    if "number" not in places:
        reasons.append(
            "no column holds the numbers; say which with --map COLUMN=number"
            f" (there are: {', '.join(name for name in header if name)})"
        )
    if reasons:
        raise ColumnsRefused(tuple(reasons))
    return Columns(places, tuple(ignored))


def _said(header: Sequence[str], said: Mapping[str, str], reasons: list[str]) -> dict[str, int]:
    """Return the places of the columns of which it was said what they hold."""
    places: dict[str, int] = {}
    for column, target in said.items():
        if column not in header or target == IGNORED:
            continue
        if target in places:
            other = header[places[target]]
            reasons.append(f"two columns are {target}: {other!r} and {column!r}")
        places.setdefault(target, header.index(column))
    return places


def _left(column: str, other: str, target: str, fields: Collection[str]) -> list[str]:
    """Return why a column is left out; nothing of one that only our own tables have."""
    if target:
        return [f"column {column!r} is not imported: {target} is {other!r}"]
    return [] if fold(column.replace("_", " ")).text in OURS else [_unknown(column, fields)]


def _found(column: str, fields: Collection[str]) -> str:
    """Return what a column means by its name, "" when that is not known."""
    bare = fold(column.replace("_", " ").replace("-", " ")).text
    for name in fields:
        if bare in (fold(name).text, fold(name.replace("_", " ")).text):
            return name
    return next((target for target, names in NAMES.items() if bare in names), "")


def _unknown(column: str, fields: Collection[str]) -> str:
    near = did_you_mean(column.lower(), [*fields, *NAMES])
    hint = f"; did you mean --map {column!r}={near}?" if near else ""
    return f"column {column!r} is not imported: no field is called so{hint}"


def _wrong(header: Sequence[str], fields: Collection[str], said: Mapping[str, str]) -> list[str]:
    reasons = []
    for column, target in said.items():
        if column not in header:
            near = did_you_mean(column, [name for name in header if name])
            hint = f"did you mean {near!r}?" if near else f"there are: {', '.join(header)}"
            reasons.append(f"--map: there is no column {column!r}; {hint}")
        if target != IGNORED and target not in fields and target not in NAMES:
            near = did_you_mean(target, [*fields, *NAMES])
            hint = f"did you mean {near!r}?" if near else "declare it under fields: of a rule file"
            reasons.append(f"--map: no field is called {target!r}; {hint}")
    return reasons
