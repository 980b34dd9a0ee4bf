from bot.whatsapp.health import DEAF, UNACKNOWLEDGED, Health, Remedy


def test_a_page_that_does_not_tell_what_arrives_is_healed_in_stages():
    health = Health()
    remedies = []
    for _ in range(4):
        health.note_reconciled(unheard=1)
        remedies.append(health.next_remedy())

    assert health.ailment == DEAF
    assert remedies == [Remedy.PAGE, Remedy.BROWSER, Remedy.PERSON, Remedy.PERSON]


def test_a_remedy_waits_for_new_evidence():
    health = Health()
    health.note_receipts(missing=True)

    assert health.next_remedy() is Remedy.PAGE
    assert health.next_remedy() is Remedy.NONE
    assert health.ailment == UNACKNOWLEDGED


def test_a_message_that_comes_by_itself_proves_the_way_in():
    health = Health()
    health.note_reconciled(unheard=3)
    health.note_heard()

    assert health.ailment == ""
    assert health.next_remedy() is Remedy.NONE


def test_nothing_sent_proves_nothing_and_a_receipt_ends_the_doubt():
    health = Health()
    health.note_receipts(missing=True)
    health.note_receipts(missing=None)
    assert health.ailment == UNACKNOWLEDGED

    health.note_receipts(missing=False)
    assert health.ailment == ""


def test_a_fresh_page_is_trusted_until_new_evidence_asks_for_the_next_stage():
    health = Health()
    health.note_reconciled(unheard=1)
    assert health.next_remedy() is Remedy.PAGE
    health.note_fresh()
    assert health.ailment == ""

    health.note_reconciled(unheard=1)
    assert health.next_remedy() is Remedy.BROWSER
