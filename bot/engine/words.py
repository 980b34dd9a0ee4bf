"""What the bot says by itself, and the words that it owns, in the languages it knows."""

from collections.abc import Mapping
from datetime import timedelta

REMIND_LATE = timedelta(hours=1)  # later than that a reminder is not sent any more

BESIDE = frozenset((
    "please", "pls", "that", "it", "this", "then", "now", "actually", "oh", "ah", "ok", "okay",
    "sorry", "thanks", "thank", "you", "i", "want", "to", "would", "like", "d", "just", "let",
    "us", "s", "ll", "can", "we", "everything", "all", "wait",
    "por", "favor", "ya", "quiero", "quisiera", "eso", "esto", "todo", "lo", "mejor", "pues",
    "gracias", "perdon", "espera", "vamos", "a",
    "quero", "queria", "isso", "isto", "tudo", "entao", "agora", "obrigado", "obrigada", "melhor",
    "desculpa", "desculpe", "vou", "pra", "para", "frente",
    "tbh", "ngl", "honestly", "sinceramente", "verdad",
))  # fmt: skip
"""Words that may stand around a word such as cancel or skip without changing what it says."""
YES = (
    "yes", "y", "yeah", "yep", "yup", "sure", "ok", "okay", "okey", "right", "correct", "please",
    "yes please", "si", "claro", "vale", "dale", "correcto", "por supuesto", "sim", "s", "isso",
    "pode", "certo", "com certeza", "oui", "ja", "d'accord", "of course", "go ahead", "go on",
    "continue", "continuar", "continua", "perfecto", "perfeito", "absolutely", "definitely",
    "exactly", "exacto", "exato", "de acuerdo", "bueno", "blz", "beleza", "positivo", "genau",
    "certamente", "va bene", "да", "evet", "نعم", "हाँ", "हां", "はい", "是", "好", "对", "👍", "✅",
)  # fmt: skip
NO = (
    "no", "n", "nope", "nah", "not", "wrong", "no thanks", "no thank you", "nao", "nunca", "non",
    "nein", "no gracias", "nao obrigado", "nao obrigada", "incorrecto", "incorrect", "errado",
    "never", "negative", "negativo", "para nada", "de jeito nenhum", "niet", "nej", "нет",
    "hayir", "لا", "नहीं", "いいえ", "不", "不是", "👎", "❌",
)  # fmt: skip
AGAIN = (
    "start again", "start over", "restart", "again", "new", "start new", "from the beginning",
    "empezar de nuevo", "empezar", "de nuevo", "reiniciar", "otra vez", "nuevo", "nueva",
    "comecar de novo", "comecar", "de novo", "recomecar", "novo", "nova", "outra vez",
)  # fmt: skip
CORRECTING = (
    "no", "nope", "not", "not that", "scratch that", "strike that", "my bad", "wait", "hold on",
    "actually", "sorry", "oops", "ups",
    "make it", "can you make it", "could you make it", "make that", "make them", "let s make it",
    "change", "change it to",
    "change that to",
    "change to", "change the", "change my", "can you change", "could you change", "please change",
    "i want to change", "i d like to change", "switch to", "switch it to", "switch", "i mean",
    "i meant", "i said", "i meant to say", "rather", "instead", "better", "correction",
    "it should be", "should be", "that should be", "should have been",
    "i d prefer", "i would prefer", "i d rather have", "i d rather", "i would rather have",
    "i changed my mind", "on second thought", "update", "set",
    "espera", "espere", "mejor", "perdon", "perdona", "disculpa", "disculpe", "cambia", "cambiar",
    "cambialo a", "cambie", "quiero cambiar", "prefiero", "quiero decir", "quise decir", "digo",
    "en realidad", "mejor dicho", "que sea", "que sean", "ponme", "pon", "perdon pero", "no no",
    "na vdd", "vdd", "na real", "agenda", "agende", "passa", "passe", "pasa", "pasalo",
    "move it to", "push it to", "pera", "perai", "first make it", "first make that",
    "first change", "primero cambia", "primero cambie", "primeiro muda", "primeiro troca",
    "nao", "melhor", "desculpa", "desculpe", "perdao", "muda", "mude", "mudar", "muda para",
    "troca", "troque", "trocar", "troca para", "quero mudar", "prefiro", "quero dizer",
    "quis dizer", "alias", "na verdade", "ou melhor", "que seja", "que sejam", "coloca", "corrige",
    "faca", "digo melhor", "espera ai", "non", "en fait", "plutot", "attends", "pardon", "nein",
    "doch", "lieber", "eigentlich", "ich meine", "warte", "anzi", "aspetta", "scusa",
)  # fmt: skip
MEANT = (
    "i mean", "i meant", "i meant to say", "it should be", "should be", "that should be",
    "should have been", "quiero decir", "quise decir",
    "mejor dicho", "quero dizer", "quis dizer", "ou melhor", "ich meine", "je veux dire",
)  # fmt: skip
"""Correcting words after which even a name is taken for a correction."""
POINTING = frozenset(("it", "s", "is", "its", "es", "e", "to", "for", "para", "the", "name"))
"""Words that may lead to a name."""
NOT = ("not", "no", "nao", "pas", "nicht", "non")
"""Before the value that was wrong: "Jim, not John"."""
NOT_THIS = frozenset(NOT) - {"no", "non"}
"""Those that do not stand for a no of their own."""
ONE_PERSON = frozenset((
    "me", "myself", "just me", "only me", "just myself", "me alone", "just for me", "solo yo",
    "yo solo", "yo sola", "solo para mi", "so eu", "apenas eu", "so para mim", "so pra mim",
    "nur ich", "juste moi", "moi seul", "solo io",
))  # fmt: skip
"""How somebody says that they are one."""
SIGHS = frozenset(("uf", "uff", "ufa", "vaya", "puxa", "ah", "oh", "uh", "um", "uhm",
                   "hm", "hmm", "er", "eh", "ay", "ui", "uy",
                   "ai", "opa", "ach", "bah", "damn", "well", "argh", "ugh", "mmm", "hum",
                   "ups", "uups", "calma", "nossa", "oiga", "oye", "mira", "olha", "hein",
                   "aff", "eita", "jaja", "jajaja", "kkk", "kk", "kkkk", "rs",
                   "lol", "haha", "hahaha", "jeje"))  # fmt: skip
"""Said before correcting words; alone they correct nothing."""
AGREEING = frozenset((
    "ok", "okay", "okey", "yes", "yeah", "yep", "yup", "sure", "fine", "great", "good", "perfect",
    "alright", "cool", "right", "and", "but", "so", "then", "also", "thanks", "si", "vale", "bueno",
    "claro", "pero", "y", "sim", "certo", "mas", "e", "entao", "oui", "mais", "ja", "aber", "und",
    "allora", "ma",
    "sweet", "awesome", "nice", "lovely", "brilliant", "excellent", "wonderful", "amazing",
    "genial", "estupendo", "excelente", "perfecto", "buenisimo", "otimo", "legal", "beleza", "blz",
    "massa", "show", "top", "maravilha", "perfeito",
))  # fmt: skip
"""Said before correcting words, it agrees to all but what they change: "ok, make it two"."""
BUT = frozenset(("but", "pero", "mas", "mais", "aber", "ma"))
"""After who agrees it corrects by itself: "yes but a large one"."""
CORRECTING_LAST = (
    "instead", "rather", "actually", "i mean", "i meant", "sorry", "mejor", "en realidad",
    "perdon", "en su lugar", "melhor", "na verdade", "desculpa", "em vez disso", "no lugar",
    "plutot", "lieber",
)  # fmt: skip
FILLING = frozenset((
    "the", "a", "an", "it", "to", "one", "ones", "is", "be", "for", "me", "my", "please", "of",
    "with", "and", "pls", "then", "want", "have", "i", "d", "like", "would", "s", "can", "could",
    "we", "just", "get", "take", "use", "pay", "by", "ll",
    "el", "la", "los", "las", "un", "una", "uno", "por", "favor", "a", "de", "en", "que", "sea",
    "es", "y", "e", "quiero", "o", "os", "as", "um", "uma", "para", "pra", "quero", "seja", "em",
    "no", "na", "do",
    "da", "le", "les", "une", "der", "die", "das", "ein", "eine",
))  # fmt: skip
"""Words that may stand beside a value without meaning anything."""

SAYINGS: Mapping[str, Mapping[str, str]] = {
    "stopped": {
        "en": "You get no more messages from us. START undoes this.",
        "es": "No recibirá más mensajes. ALTA lo deshace.",
        "pt": "Você não receberá mais mensagens. VOLTAR desfaz.",
        "fr": "Vous ne recevrez plus de messages. START annule.",
        "de": "Sie erhalten keine Nachrichten mehr. START macht das rückgängig.",
        "it": "Non riceverà più messaggi. START annulla.",
    },
    "started": {
        "en": "Welcome back!", "es": "¡Bienvenido de nuevo!", "pt": "Que bom ter você de volta!",
        "fr": "Bon retour !", "de": "Willkommen zurück!", "it": "Bentornato!",
    },
    "cancelled": {
        "en": "All right, cancelled.", "es": "De acuerdo, cancelado.", "pt": "Tudo bem, cancelado.",
        "fr": "D’accord, annulé.", "de": "In Ordnung, abgebrochen.", "it": "Va bene, annullato.",
    },
    "resume": {
        "en": "Shall we go on: {}?", "es": "¿Seguimos: {}?", "pt": "Vamos continuar: {}?",
        "fr": "On continue : {} ?", "de": "Machen wir weiter: {}?", "it": "Continuiamo: {}?",
    },
    "leave": {
        "en": "Shall we leave this for now?", "es": "¿Dejamos esto por ahora?",
        "pt": "Deixamos isto por enquanto?", "fr": "On laisse cela pour l’instant ?",
        "de": "Lassen wir das vorerst?", "it": "Lasciamo perdere per ora?",
    },
    "reentry": {
        "en": "You have this open: {}. Continue or start again?",
        "es": "Tiene esto abierto: {}. ¿Continuar o empezar de nuevo?",
        "pt": "Você tem isto em aberto: {}. Continuar ou começar de novo?",
        "fr": "Ceci est en cours : {}. Continuer ou recommencer ?",
        "de": "Das ist noch offen: {}. Weiter oder von vorn?",
        "it": "Questo è ancora aperto: {}. Continuare o ricominciare?",
    },
    "restarted": {
        "en": "This has changed meanwhile, so we begin again.",
        "es": "Esto ha cambiado, así que empezamos de nuevo.",
        "pt": "Isto mudou, então começamos de novo.",
        "fr": "Ceci a changé, nous recommençons donc.",
        "de": "Das hat sich geändert, wir beginnen von vorn.",
        "it": "Questo è cambiato, quindi ricominciamo.",
    },
    "confirm": {
        "en": "{}: is that right?", "es": "{}: ¿es correcto?", "pt": "{}: está certo?",
        "fr": "{} : c’est bien ça ?", "de": "{}: stimmt das?", "it": "{}: è giusto?",
    },
    "handoff": {
        "en": "A colleague will answer you.", "es": "Un compañero le atenderá.",
        "pt": "Um colega vai responder.", "fr": "Un collègue va vous répondre.",
        "de": "Eine Kollegin oder ein Kollege antwortet Ihnen.", "it": "Le risponderà un collega.",
    },
}  # fmt: skip


def saying(name: str, language: str) -> str:
    """Return one of the bot's own sentences, English where a language lacks it."""
    known = SAYINGS[name]
    return known.get(language.partition("-")[0], known["en"])
