"""Words by which people stop and start getting messages, where no `optout:` names others."""

STOP = (
    "stop", "unsubscribe", "stop all", "stopall", "baja", "darse de baja", "darme de baja", "sair",
    "parar", "pare", "descadastrar", "cancelar inscricao", "arret", "arreter", "desabonner",
    "desabonnement", "stopp", "abmelden", "abbestellen", "desuscribir", "desuscribirme",
    "cancelar suscripcion", "disiscrivi", "cancellami", "afmelden", "avregistrera", "отписаться",
    "стоп", "durdur", "إلغاء الاشتراك", "退订", "配信停止",
)  # fmt: skip
START = ("start", "alta", "voltar", "unstop", "resubscribe")
