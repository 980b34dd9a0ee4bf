"""What the bot says by itself, and the words that it owns, in the languages it knows."""

from collections.abc import Mapping

STOP = (
    "stop", "unsubscribe", "stop all", "baja", "darse de baja", "sair", "parar", "pare",
    "descadastrar", "arret", "stopp", "abmelden", "desuscribir", "cancelar suscripcion",
)  # fmt: skip
START = ("start", "alta", "voltar", "unstop")
CANCEL = ("cancel", "cancelar", "annuler", "abbrechen", "annulla")
YES = (
    "yes", "y", "yeah", "yep", "sure", "ok", "okay", "right", "correct", "please", "yes please",
    "si", "claro", "vale", "dale", "correcto", "por supuesto", "sim", "s", "isso", "pode", "certo",
    "com certeza", "oui", "ja", "d'accord", "of course", "go ahead", "go on", "continue",
    "continuar", "perfecto", "perfeito", "👍",
)  # fmt: skip
NO = (
    "no", "n", "nope", "nah", "not", "wrong", "no thanks", "no thank you", "nao", "nunca", "non",
    "nein", "no gracias", "nao obrigado", "nao obrigada", "incorrecto", "errado", "👎",
)  # fmt: skip
CORRECTING = (
    "no", "wait", "actually", "sorry", "make it", "change", "change it to", "i mean", "rather",
    "instead", "no wait", "espera", "mejor", "perdon", "cambia", "quiero decir", "nao", "espere",
    "melhor", "desculpa", "desculpe", "muda", "troca", "quero dizer", "alias", "better",
)  # fmt: skip

SAYINGS: Mapping[str, Mapping[str, str]] = {
    "stopped": {
        "en": "You get no more messages from us. START undoes this.",
        "es": "No recibirá más mensajes. ALTA lo deshace.",
        "pt": "Você não receberá mais mensagens. VOLTAR desfaz.",
        "fr": "Vous ne recevrez plus de messages. START annule.",
        "de": "Sie erhalten keine Nachrichten mehr. START macht das rückgängig.",
    },
    "started": {
        "en": "Welcome back!", "es": "¡Bienvenido de nuevo!", "pt": "Que bom ter você de volta!",
        "fr": "Bon retour !", "de": "Willkommen zurück!",
    },
    "cancelled": {
        "en": "All right, cancelled.", "es": "De acuerdo, cancelado.", "pt": "Tudo bem, cancelado.",
    },
    "resume": {
        "en": "Shall we go on: {}?", "es": "¿Seguimos: {}?", "pt": "Vamos continuar: {}?",
    },
    "reentry": {
        "en": "You have this open: {}. Continue or start again?",
        "es": "Tiene esto abierto: {}. ¿Continuar o empezar de nuevo?",
        "pt": "Você tem isto em aberto: {}. Continuar ou começar de novo?",
    },
    "reask": {
        "en": "I did not understand that.", "es": "No entendí eso.", "pt": "Não entendi isso.",
    },
    "handoff": {
        "en": "A colleague will answer you.", "es": "Un compañero le atenderá.",
        "pt": "Um colega vai responder.",
    },
}  # fmt: skip


def saying(name: str, language: str) -> str:
    """Return one of the bot's own sentences, English where a language lacks it."""
    known = SAYINGS[name]
    return known.get(language[:2], known["en"])
