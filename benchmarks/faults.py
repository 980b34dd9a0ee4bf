"""Each fault, where its remedy stands, how to take it out, and the test that must notice.

`docs/delivery.md` shows the faults with their tests; `benchmarks.bites` takes the remedies out.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bite:
    """One remedy.

    Attributes:
        fault: As in the table of `docs/delivery.md`.
        file: Where the remedy stands.
        remedy: The text there, once; without `taken_out` in its place the remedy works.
        test: The test that fails then.
        browser: The test needs Chromium and the emulator.
    """

    fault: str
    file: str
    remedy: str
    taken_out: str
    test: str
    browser: bool = False


DEATH = "the daemon dies at any moment"
POISON = "the same message was in hand at several deaths"
UNREADY = "three starts fail before they are ready"
HANGS = "browser, page or driver die or hang"
CUT = "the page is reloaded, or its answer cut off, in the middle of a send"
OWN_ERROR = "the page throws an error of its own when a message is handed to it"
LOGOUT = "the phone logs out, or WhatsApp is opened elsewhere"
OTHER_NUMBER = "another number logs in"
TWINS = "two sessions log in with one number"
NETWORK = "the network is cut"
DEAF = "the page answers but tells nothing"
SILENT = "WhatsApp acknowledges nothing for 45 seconds"
REPLAYED = "events come twice, late, in another order, or as history"
MISSED = "messages came while nobody listened"
FLOOD = "what waited during a down-time would leave in a flood"
ANSWERED = "a person answered from the phone"
CLOCK = "the clock is set, or summer time begins"
FULL = "the disk is full, or the database locked"
CORRUPT = "the database is corrupt, empty, foreign or newer"
BACKUP = "a backup that is put back is damaged, or what it was to say is old"
RESTORED = "an older copy of the database is put back"
MODELS = "a model is slow, dead or missing"
WEBHOOK = "a webhook hangs, fails, redirects or answers without end"
BROKEN_FILE = "a rule file is broken"
HALF_WRITTEN = "a rule file is being written: emptied, or away for a moment"
BURST = "thousands of messages come at once"
GROWTH = "the bot runs for weeks"
TWO = "two daemons on one data folder"
STRANGE_TEXT = "lone surrogates, NULs, texts without end, unknown types"
BOTS = "another bot answers ours"
SPAMMED = "somebody floods the number, or advertises (`spam.guard: mute`)"
GREETING = "WhatsApp Business's own greeting"
STOPPED = "the daemon is told to stop"
RESTRICTED = "WhatsApp restricts the account (463)"
TOO_FAST = "more is to be sent than the pace allows"
CAMPAIGN_DEATH = "the daemon, browser or page dies while a campaign runs"
CAMPAIGN_MISSED = "a campaign's moment passes while the bot is down, or the clocks change"
CAMPAIGN_EDITED = "a campaign is edited while it runs"
OPTED_OUT = "somebody opted out while a message waited"
FAILS = "a message cannot be handled"
EVENT_FAILS = "a timer, event, result or campaign's turn cannot be handled"
DRIVER = "Playwright's driver process dies"
CRM_DOWN = (
    "another system (HubSpot, Chatwoot) hangs, is down for a day, answers 429, or an answer of it"
    " is lost"
)
CRM_ECHO = "Chatwoot tells the same twice, or tells back what we told it"

BITES = (
    Bite(DEATH, "bot/store/drafts.py", " ON CONFLICT DO NOTHING\",\n        rows,",
         "\",\n        rows,",
         "tests/store/test_outbox.py::test_a_cause_is_reserved_once_however_often_it_is_stored"),
    Bite(DEATH, "bot/delivery/courier.py",
         "handed = set(outbox.hand(db, [outgoing.id for outgoing in due], epoch, now))",
         "handed = {outgoing.id for outgoing in due}",
         "tests/delivery/test_courier.py::"
         "test_a_message_is_noted_as_handed_before_the_page_is_called"),
    Bite(DEATH, "bot/delivery/recovery.py", "GRACE = timedelta(seconds=5)",
         "GRACE = timedelta(seconds=0)",
         "tests/delivery/test_recovery.py::"
         "test_the_pages_store_decides_what_becomes_of_a_cut_send"),
    Bite(POISON, "bot/inbound/claim.py", "if upcoming.attempts < MOST_DEATHS:", "if True:",
         "tests/inbound/test_poison.py::"
         "test_a_message_that_was_in_hand_at_four_deaths_is_set_aside"),
    Bite(POISON, "bot/inbound/pipeline.py", "message.text and attempts < SUSPECT", "message.text",
         "tests/inbound/test_poison.py::"
         "test_a_message_that_was_in_hand_at_two_deaths_is_not_shown_to_the_models"),
    Bite(FAILS, "bot/inbound/pipeline.py",
         "upcoming.attempts + 1 < MOST_ATTEMPTS or await self._set_aside(lane, upcoming)",
         "upcoming.attempts + 1 < MOST_ATTEMPTS",
         "tests/inbound/test_poison.py::"
         "test_after_three_failures_a_message_is_set_aside_and_its_chat_goes_on"),
    Bite(EVENT_FAILS, "bot/inbound/next_event.py",
         "            attempts=queued.attempts,\n", "",
         "tests/inbound/test_poison_events.py::"
         "test_after_three_failures_an_event_is_set_aside_and_its_chat_goes_on"),
    Bite(EVENT_FAILS, "bot/inbound/aside.py",
         "    timers.count_attempts(db, [int(row) for row in rows[\"timer\"]])\n", "",
         "tests/inbound/test_poison_events.py::"
         "test_after_three_failures_an_event_is_set_aside_and_its_chat_goes_on"),
    Bite(EVENT_FAILS, "bot/inbound/aside.py",
         "    if len(left) < len(state.frames):", "    if False:",
         "tests/inbound/test_poison_events.py::"
         "test_a_flow_that_waited_for_what_failed_ends_so_that_the_chat_is_heard"),
    Bite(EVENT_FAILS, "bot/inbound/aside.py",
         "campaign_turns.give_up(db, failed.cause, LeftOut.FAILED)", "pass",
         "tests/inbound/test_poison_events.py::"
         "test_a_campaign_does_without_a_recipient_whose_turn_failed"),
    Bite(DRIVER, "bot/whatsapp/browser.py",
         "            transport.on_error_future.add_done_callback(_tell_death)",
         "            pass",
         "tests/whatsapp/test_browser.py::"
         "test_the_death_of_the_driver_process_is_told_and_leaves_nothing_unheard"),
    Bite(SPAMMED, "bot/inbound/spam_guard.py",
         "    if verdict.score < rules.threshold or not verdict.signals:", "    if True:",
         "tests/inbound/test_spam_guard.py::"
         "test_a_flood_is_answered_until_it_is_one_and_never_again"),
    Bite(SPAMMED, "bot/engine/spam.py", "if count < 2 and not is_stranger:", "if False:",
         "tests/inbound/test_spam_guard.py::test_a_customer_is_not_muted_by_one_message"),
    Bite(UNREADY, "bot/store/lives.py", "return len(recent)", "return 0",
         "tests/store/test_lives.py::"
         "test_lives_that_ended_before_they_were_ready_are_counted_for_five_minutes"),
    Bite(HANGS, "bot/whatsapp/patience.py", "if self._misses >= MISSES:", "if False:",
         "tests/whatsapp/test_patience.py::test_a_page_that_hangs_is_lost_at_the_third_probe"),
    Bite(HANGS, "bot/whatsapp/patience.py", 'if "closed" in str(failure):', "if False:",
         "tests/whatsapp/test_patience.py::test_a_page_that_was_closed_is_lost_at_once"),
    Bite(HANGS, "bot/whatsapp/browser.py", "timeout=within * 1000", "timeout=600_000",
         "tests/system/test_kills.py::"
         "test_a_page_that_dies_while_the_browser_opens_holds_nobody_up", browser=True),
    Bite(CUT, "bot/delivery/courier.py",
         "await self._database.write(lambda db: outbox.doubt(db, row, reason))",
         "await self._database.write(lambda db: outbox.postpone("
         "db, row, self._clock(), reason, outgoing.attempts + 1))",
         "tests/delivery/test_courier.py::"
         "test_what_left_although_the_answer_was_cut_is_not_sent_again"),
    Bite(CUT, "bot/delivery/recovery.py", "if outgoing.why is Why.CAMPAIGN:", "if False:",
         "tests/delivery/test_courier.py::"
         "test_a_campaigns_message_of_unknown_fate_is_named_and_never_sent_twice"),
    Bite(CUT, "bot/delivery/courier.py", "if is_new:", "if False:",
         "tests/delivery/test_courier.py::"
         "test_nothing_passes_by_what_the_page_of_before_took_and_whatsapp_never_had"),
    Bite(CUT, "bot/whatsapp/supervisor.py", 'if found["born"] != self._born:', "if False:",
         "tests/whatsapp/test_supervisor.py::"
         "test_a_reload_closes_sends_until_the_page_is_swept_again"),
    Bite(OWN_ERROR, "bot/whatsapp/refusals.py", 'code.endswith("Error") or code == "error"',
         "False",
         "tests/whatsapp/test_refusals.py::test_what_the_page_itself_throws_leaves_the_fate_open"),
    Bite(LOGOUT, "bot/whatsapp/supervisor.py", "        self._driver.close_sends(forget=True)\n"
         "        if self._account is not None:",
         "        if self._account is not None:",
         "tests/whatsapp/test_supervisor.py::"
         "test_a_logout_stops_sends_names_the_state_and_shows_the_code_again"),
    Bite(LOGOUT, "bot/whatsapp/codes.py", "AGAIN if now - self._since < PATIENT else SELDOM",
         "AGAIN",
         "tests/whatsapp/test_supervisor.py::"
         "test_codes_for_nobody_are_asked_for_seldom_until_somebody_looks"),
    Bite(LOGOUT, "bot/whatsapp/door.py", 'if found["mode"] == "CONFLICT":',
         'if found["mode"] == "NEVER":',
         "tests/whatsapp/test_supervisor.py::"
         "test_a_conflict_stops_sends_and_is_not_taken_back"),
    Bite(TWINS, "bot/whatsapp/door.py", 'if twin else ""', 'if False else ""',
         "tests/whatsapp/test_supervisor.py::"
         "test_a_number_that_another_session_has_rests_until_it_is_free"),
    Bite(TWINS, "bot/daemon/keeper.py", "return self.number == number and", "return False and",
         "tests/daemon/test_accounts.py::"
         "test_after_a_start_a_number_goes_to_the_session_that_had_it"),
    Bite(OTHER_NUMBER, "bot/store/outbox.py",
         "FROM outbox WHERE +account = ?1\"\n", "FROM outbox WHERE ?1 = ?1\"\n",
         "tests/store/test_outbox.py::test_another_number_never_sends_the_queue"),
    Bite(NETWORK, "bot/whatsapp/supervisor.py", "        if not online:\n", "        if False:\n",
         "tests/whatsapp/test_supervisor.py::"
         "test_a_network_cut_stops_sends_and_its_end_sweeps_again"),
    Bite(NETWORK, "bot/delivery/courier.py",
         "        if account is None or not self._transport.ready:\n"
         "            await self._pause(LOOK_AGAIN)\n",
         "        if account is None:\n            await self._pause(LOOK_AGAIN)\n",
         "tests/delivery/test_courier.py::"
         "test_while_there_is_no_page_nothing_is_tried_and_nothing_counted"),
    Bite(DEAF, "bot/whatsapp/supervisor.py", "self._health.note_reconciled(unheard)", "pass",
         "tests/whatsapp/test_supervisor.py::"
         "test_a_page_that_holds_what_it_never_told_is_deaf_and_healed_in_stages"),
    Bite(SILENT, "bot/store/ledger.py",
         "if waiting is not None and (acknowledged is None or acknowledged < waiting):",
         "if False:",
         "tests/store/test_outbox.py::"
         "test_receipts_that_stay_out_are_noticed_and_one_that_comes_ends_it"),
    Bite(SILENT, "bot/whatsapp/health.py", "STAGES = (Remedy.PAGE, Remedy.BROWSER, Remedy.PERSON)",
         "STAGES = (Remedy.PAGE,)",
         "tests/whatsapp/test_health.py::"
         "test_a_page_that_does_not_tell_what_arrives_is_healed_in_stages"),
    Bite(REPLAYED, "bot/store/inbox.py",
         "return inserted.rowcount > 0 and state == \"waiting\"", "return state == \"waiting\"",
         "tests/store/test_inbox.py::test_a_message_seen_before_wakes_nobody"),
    Bite(REPLAYED, "bot/store/inbox.py",
         "if message.origin is Origin.HISTORY or told or message.is_taken_back:",
         "if False:",
         "tests/store/test_inbox.py::test_history_is_kept_and_never_decided"),
    Bite(MISSED, "bot/store/accounts.py", 'moment(row["swept_at"]) - OVERLAP', "now",
         "tests/store/test_accounts.py::"
         "test_what_came_while_nobody_listened_is_looked_for_from_the_last_sweep"),
    Bite(MISSED, "bot/inbound/next_event.py",
         "is_late=now - message.sent_at > max_reply_age", "is_late=False",
         "tests/inbound/test_next_event.py::test_an_old_message_is_kept_and_not_answered"),
    Bite(FLOOD, "bot/delivery/pacing.py", "if since >= RAMP or pace.window > RAMP:", "if True:",
         "tests/delivery/test_courier.py::"
         "test_after_a_down_time_what_waited_leaves_slowly_at_first"),
    Bite(ANSWERED, "bot/inbound/commit.py",
         'outbox.cancel_pending(db, *lane, "a person answered", turn.now)', "pass",
         "tests/inbound/test_next_event.py::test_a_person_who_answers_takes_back_what_waits"),
    Bite(CLOCK, "bot/engine/schedules.py",
         "notes = {**draft.conversation.notes, LAST: {**_fired(draft), line: moment}}",
         "notes = dict(draft.conversation.notes)",
         "tests/inbound/test_schedule.py::test_a_clock_that_is_set_back_repeats_nothing"),
    Bite(FULL, "bot/store/database.py",
         "if _is_passing(job.failure) and not job.outside:", "if False:",
         "tests/store/test_database.py::test_a_full_disk_is_waited_out_and_nothing_is_lost"),
    Bite(FULL, "bot/store/database.py",
         "if _is_passing(job.failure) and not job.outside:", "if False:",
         "tests/store/test_database.py::test_a_lock_of_somebody_else_is_waited_out"),
    Bite(FULL, "bot/store/database.py", "for held in held_up:",
         "for held in [one for one in inside if one.is_held_up]:",
         "tests/store/test_database.py::"
         "test_a_write_that_met_trouble_is_tried_again_once_and_not_at_once_too"),
    Bite(CORRUPT, "bot/store/opening.py", "if version > SCHEMA_VERSION:", "if False:",
         "tests/store/test_database.py::test_a_newer_database_is_refused"),
    Bite(CORRUPT, "bot/store/opening.py", "if not path.stat().st_size:", "if False:",
         "tests/store/test_database.py::test_an_empty_file_is_refused_as_it_held_something"),
    Bite(BACKUP, "bot/cli/archive.py", "if listed is None or listed.files != found:",
         "if listed is None:",
         "tests/cli/test_backup.py::test_what_was_changed_in_a_backup_is_found"),
    Bite(BACKUP, "bot/store/copies.py",
         " WHERE state = 'reserved' AND why != 'campaign' AND due_at < ?",
         " WHERE due_at < ? AND 0",
         "tests/store/test_copies.py::test_what_waited_for_long_is_not_said_any_more"),
    Bite(RESTORED, "bot/store/inbox.py", "restored.note_forgotten(db, message, now)", "False",
         "tests/store/test_restored.py::test_what_the_copy_forgot_is_not_answered_again"),
    Bite(RESTORED, "bot/store/inbox.py", "restored.note_forgotten(db, message, now)", "False",
         "tests/system/test_restored.py::test_an_older_copy_says_nothing_again",
         browser=True),
    Bite(CORRUPT, "bot/store/opening.py", "if version == 0 and has_tables:", "if False:",
         "tests/store/test_database.py::test_somebody_elses_database_is_refused"),
    Bite(MODELS, "bot/nlu/batches.py",
         "return self._busy and time.monotonic() - self._moved > self._deadline * ALMOST",
         "return False",
         "tests/nlu/test_batches.py::"
         "test_a_hung_model_holds_a_caller_to_the_deadline_and_the_next_not_at_all"),
    Bite(WEBHOOK, "bot/webhook.py", "follow_redirects=False", "follow_redirects=True",
         "tests/test_webhook.py::test_a_redirect_is_not_followed"),
    Bite(WEBHOOK, "bot/webhook.py", "if len(body) > most:", "if False:",
         "tests/test_webhook.py::test_a_long_answer_is_cut_off"),
    Bite(WEBHOOK, "bot/console/hooks.py", "elif delivery.attempts >= target.retries:",
         "elif False:",
         "tests/console/test_hooks.py::test_after_the_last_retry_it_is_dead_until_a_person_asks"),
    Bite(BROKEN_FILE, "bot/daemon/bookshelf.py",
         "            if loaded.rulebook is None:\n                self.rejected",
         "            if loaded.rulebook is None:\n                self.rolled_back",
         "tests/daemon/test_bookshelf.py::"
         "test_a_broken_edit_leaves_the_last_good_rules_in_force"),
    Bite(HALF_WRITTEN, "bot/daemon/settling.py",
         "while waited < LONGEST and (", "while False and (",
         "tests/daemon/test_settling.py::"
         "test_an_emptied_file_is_waited_for_until_it_is_written"),
    Bite(HALF_WRITTEN, "bot/daemon/library.py",
         "return found, settled == before", "return found, True",
         "tests/daemon/test_bookshelf.py::"
         "test_a_file_that_is_being_written_is_read_when_it_is_whole"),
    Bite(BURST, "bot/inbound/lanes.py", "        if lane in self._busy:\n", "        if False:\n",
         "tests/inbound/test_lanes.py::"
         "test_no_chat_is_ever_in_two_hands_though_it_is_woken_meanwhile"),
    Bite(GROWTH, "bot/daemon/recycling.py",
         "if moment.cap_mb and moment.used_mb > moment.cap_mb:", "if False:",
         "tests/daemon/test_recycling.py::"
         "test_a_browser_that_grew_is_opened_anew_and_the_status_tells"),
    Bite(TWO, "bot/control.py", "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)", "pass",
         "tests/test_control.py::test_a_second_daemon_is_told_who_holds_the_folder"),
    Bite(STRANGE_TEXT, "bot/whatsapp/wire.py",
         'whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")',
         "whole = value",
         "tests/whatsapp/test_wire.py::test_lone_surrogates_and_nuls_are_mended"),
    Bite(BOTS, "bot/inbound/spam.py", "if _times(said, heard) >= LOOP_TEXTS:", "if False:",
         "tests/inbound/test_spam.py::"
         "test_a_text_that_comes_five_times_within_a_minute_is_answered_four_times"),
    Bite(BOTS, "bot/inbound/spam.py",
         'return "it repeats what we sent" if _times(said, ours) else ""', 'return ""',
         "tests/inbound/test_spam.py::test_a_text_that_repeats_what_we_sent_is_not_answered"),
    Bite(GREETING, "bot/inbound/spam.py",
         "return inbox.chats_told(db, message.account, message.text, since) >= GREETING_CHATS",
         "return False",
         "tests/inbound/test_spam.py::test_one_text_of_the_phone_in_three_chats_is_no_person"),
    Bite(STOPPED, "bot/delivery/courier.py",
         "await asyncio.wait(self._flying.values(), timeout=LAST_SENDS)", "pass",
         "tests/delivery/test_courier.py::test_a_clean_stop_waits_for_what_is_under_way"),
    Bite(RESTRICTED, "bot/delivery/recovery.py", "if standing.code == RESTRICTED:", "if False:",
         "tests/delivery/test_restriction.py::"
         "test_the_message_waits_without_an_attempt_being_counted"),
    Bite(RESTRICTED, "bot/delivery/governor.py",
         "        if here.now < at or here.probing:\n"
         "            return Hold(here.now + LOOK_AGAIN, RESTRICTED)\n",
         "",
         "tests/delivery/test_restriction.py::test_only_new_chats_stop_replies_go_on"),
    Bite(TOO_FAST, "bot/delivery/governor.py",
         "return self.limits.group(here, outgoing) or self.limits.account(here)", "return None",
         "tests/delivery/test_governor.py::test_the_pace_is_kept_over_a_restart"),
    Bite(OPTED_OUT, "bot/delivery/governor.py", "            return Drop(OPTED_OUT)\n",
         "            return None\n",
         "tests/delivery/test_governor.py::"
         "test_who_opted_out_gets_nothing_that_the_bot_starts"),
    Bite(DEATH, "bot/delivery/recovery.py",
         "return Verdict.RESEND if repeatable else Verdict.UNKNOWN", "return Verdict.REFUSED",
         "tests/system/test_kills.py::test_a_death_at_each_named_point_loses_and_doubles_nothing",
         browser=True),
    Bite(RESTRICTED, "bot/whatsapp/page/bridge.js", "if (!watching) watchSends();", "",
         "tests/system/test_restriction.py::"
         "test_first_messages_wait_replies_go_on_and_a_try_ends_it",
         browser=True),
    Bite(GROWTH, "bot/whatsapp/supervisor.py", "                raise Recycled(why)\n",
         "                del why\n",
         "tests/system/test_recycling.py::"
         "test_the_browser_is_opened_anew_at_a_quiet_moment",
         browser=True),
    Bite(CAMPAIGN_DEATH, "bot/campaigns/runner.py",
         "campaigns.claim(db, run, one, _due(run, campaign, one), now)",
         'campaigns.leave_out(db, run.id, one.contact_id, "")',
         "tests/campaigns/test_runner.py::"
         "test_a_death_at_any_moment_sends_nothing_twice_and_loses_nobody"),
    Bite(CAMPAIGN_MISSED, "bot/campaigns/rounds.py", "    moment = come[-1]\n",
         "    moment = come[0]\n",
         "tests/campaigns/test_rounds.py::test_of_moments_that_were_missed_the_latest_comes_once"),
    Bite(CAMPAIGN_MISSED, "bot/campaigns/schedule.py",
         "GRACE = None  # however late a job is", "GRACE = 1  # however late a job is",
         "tests/campaigns/test_schedule.py::test_moments_that_were_missed_wake_once_however_late"),
    Bite(CAMPAIGN_MISSED, "bot/campaigns/moments.py",
         "found.setdefault(begins, Moment(local=local, begins=begins))",
         "found[begins + timedelta(seconds=len(found))] = Moment(local=local, begins=begins)",
         "tests/campaigns/test_moments.py::test_two_times_that_fall_on_one_instant_are_one_moment"),
    Bite(CAMPAIGN_EDITED, "bot/campaigns/runner.py",
         "if campaign is None or campaign.hash != run.content:", "if campaign is None:",
         "tests/campaigns/test_runner.py::"
         "test_an_edit_while_it_runs_holds_it_until_a_person_looked"),
    Bite(CRM_DOWN, "bot/crm/chatwoot.py",
         'key = f"{OURS}{said.id}"\n        if job.tries > 1 and await self._is_posted(link, key):',
         'key = f"{OURS}{said.id}"\n        if False:',
         "tests/crm/test_chatwoot.py::"
         "test_an_outage_of_a_day_is_caught_up_in_order_and_without_doubles"),
    Bite(CRM_DOWN, "bot/crm/hubspot.py", '"idProperty": key,', '"idProperty": key + "_",',
         "tests/crm/test_hubspot.py::"
         "test_a_lost_answer_makes_no_second_contact_though_no_search_finds_it_yet"),
    Bite(CRM_DOWN, "bot/crm/carrier.py", "self._again = now + max(", "self._again = None and max(",
         "tests/crm/test_hubspot.py::test_while_it_is_down_it_is_asked_once_a_minute_at_most"),
    Bite(CRM_DOWN, "bot/crm/carrier.py", "asked = timedelta(seconds=failure.after or 0.0)",
         "asked = timedelta(0)",
         "tests/crm/test_hubspot.py::test_it_waits_as_long_as_it_is_asked_to"),
    Bite(CRM_ECHO, "bot/daemon/chatwoot_hearing.py",
         'cause = f"{CAUSE}{told.id}-{number}"', 'cause = f"{CAUSE}{moment.timestamp()}-{number}"',
         "tests/daemon/test_chatwoot_hearing.py::"
         "test_an_agents_words_reach_the_customer_once_and_the_bot_keeps_quiet"),
    Bite(CRM_ECHO, "bot/crm/chatwoot_hook.py", "if is_ours or not is_agents",
         "if not is_agents",
         "tests/crm/test_chatwoot_hook.py::"
         "test_our_own_and_what_does_not_concern_us_is_nothing"),
)  # fmt: skip
