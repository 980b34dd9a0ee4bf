"""Words that cancel an open flow, where the rules name none."""

CANCEL = (
    "cancel", "cancel it", "cancel that", "never mind", "nevermind", "cancelar", "cancela",
    "cancelalo", "annuler", "abbrechen", "annulla", "annulleren", "отмена", "iptal",
    "إلغاء", "取消",
)  # fmt: skip
