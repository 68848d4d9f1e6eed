"""Every way of getting in or breaking something that we know of, what is done about it, and the tests that show it.

The numbers are those of SECURITY in comments of the code. A test named here bears the mark `attack(number)`:
`pytest -m attack` runs them all. tests/house demands that every number has one, and that every name is that of a test.
"""

# ruff: noqa: E501, a row a line

from typing import NamedTuple


class Attack(NamedTuple):
    """What could happen, what we do, and `file: test, test` below tests/, without the `test_` of the names."""

    number: int
    what: str
    answer: str
    shown: str


ATTACKS = tuple(
    Attack(number, *row)
    for number, row in enumerate(
        (
            ("a second mail smuggled in behind another line end", "CRLF.CRLF alone ends; bare CR, bare LF and NUL are refused", "inbound/dot: only_a_dot_between_two_line_ends_is_the_end, clean_is_lines_of_anything_but_nul"),
            ("we smuggle one into the next server", "written with CRLF, stuffed, and looked at once more before the socket", "outbound/deliver: a_mail_that_is_not_clean_never_leaves, what_goes_over_the_wire_is_what_was_composed; journeys/hostile: dots_and_from_lines_arrive_as_they_were"),
            ("commands slipped in before TLS", "what was said in clear is forgotten, in and out", "talks/tls: what_was_said_in_clear_is_forgotten; outbound/opening: what_is_said_between_starttls_and_tls_ends_the_connection"),
            ("commands inside an address", "one strict type of address at every entry and at the last", "outbound/deliver: an_address_that_is_more_never_reaches_the_dialogue; mail/compose: an_address_that_is_none_stops_the_mail"),
            ("a header line inside a name, a subject or a file name", "our own writer, and a lint that shares nothing with it", "mail/compose: whatever_members_write_stays_where_it_belongs, the_last_look_names_what_is_wrong; journeys/hostile: a_name_or_a_subject_is_only_ever_words; security/played: no_mail_of_this_class_does_any_harm"),
            ("words that a template would run", "words are facts given to a template and never one", "outbound/render: members_words_are_never_wrapped_nor_run; security/played: what_was_said_and_set_does_no_harm_in_a_week_of_mails; security/between_people: what_a_facilitator_makes_of_a_post, a_private_line_takes_words_across_and_nothing_else, whoever_is_invited_reads_names_and_no_more"),
            ("a header that makes a reader crash", "kept before it is read; each field read by itself", "mail/hostile: a_field_that_breaks_others_is_read; properties/any_bytes: any_bytes, any_mutation_of_a_mail"),
            ("a small mail that grows while it is read", "bounds on fields, depth, parts and text, before any reader", "mail/hostile: a_hostile_mail_is_read, the_tree_is_bounded; journeys/hostile: a_thousand_parts_within_parts_stop_nobody"),
            ("an archive or a picture that unpacks to gigabytes", "nothing is unpacked", "journeys/hostile: a_bomb_is_kept_shut"),
            ("a line that an expression never finishes with", "linear expressions, lines and texts cut", "mail/folding: hostile_texts_are_read; community/grammar: hostile_lines_cost_no_more_than_their_length; security/played: no_mail_of_this_class_does_any_harm"),
            ("a charset that runs, unpacks or hides", "a list of charsets, nothing beside it", "mail/charsets: no_codec_outside_the_list_is_used, utf16_is_believed_only_with_its_mark"),
            ("letters that look like others, or like nothing", "ASCII folds as ASCII; what is invisible is no address", "mail/addressing: only_ascii_letters_fold, utf8_local_parts_hide_nothing; mail/authenticate: a_domain_of_another_script_is_compared_in_ascii"),
            ("NUL, undeclared eight bits, long lines, no date, no id", "refused or declared; what is missing is made", "mail/compose: a_body_travels_in_the_plainest_way_that_keeps_it; mail/parse: a_mail_without_an_id_gets_the_same_one_every_time"),
            ("somebody else's name in From", "one From with one address that can be read one way, or nobody", "mail/authenticate: one_plain_author_or_none; security/insiders: an_address_is_nobodys_name; mail/mailboxes: what_can_be_read_in_two_ways_is_nobody; journeys/hostile: who_has_no_one_name_does_nothing"),
            ("a pass that the sender wrote themselves", "the topmost field of our own border, read to the letter", "mail/authenticate: only_our_own_field_counts, only_the_topmost_field_counts, anything_else_does_not, without_an_id_or_from_an_untrusted_peer_nobody_is_verified"),
            ("a command in a member's name, written or sent again by another", "done when proven and meant for us; asked back otherwise", "journeys/hostile_mails: nothing_acts_nothing_leaks_and_nobody_innocent_is_mailed; journeys/m42_holds_and_robots: a_forged_command_changes_nothing_until_its_person_says_so; security/insiders: nothing_comes_of_what_others_were_given; security/sent_again: what_was_written_to_others_is_no_command_to_us, what_the_signature_leaves_open_proves_nothing, the_same_mail_with_other_blanks_or_for_fewer_is_the_same"),
            ("a stranger's mailbox filled with our questions", "one a day and address, so many an hour in all", "journeys/hostile: two_hundred_strangers_that_never_asked, one_stranger_twenty_times_a_day_is_asked_once, nobody_has_us_carry_their_words_to_a_third, who_is_known_and_no_member_is_asked_in_our_words_alone; security/insiders: all_our_doors_together_are_no_gun"),
            ("our answers thrown at whoever was forged", "refused in the dialogue; silence to what failed", "journeys/law16_forgery_and_loops: no_command_or_join_in_a_failed_name_does_or_says_anything; journeys/m41_joining_and_leaving: unknown_addresses_are_refused_in_the_dialogue"),
            ("two machines that answer each other", "marks are heeded and set; pace and answers are counted", "journeys/loops: a_member_that_answers_every_post_is_held_within_the_hour, a_stranger_that_answers_every_question, a_list_that_sends_everything_back_as_its_own"),
            ("a list that is a member of a list", "its mails wait for a facilitator", "journeys/m42_holds_and_robots: a_mail_through_another_list_goes_out_on_a_facilitators_word"),
            ("a personal address quoted to everybody", "taken out of what others read; it counts in its owner's hand", "inbound/private: a_token_goes_and_what_stood_there_is_still_told; journeys/hostile: what_is_personal_in_a_mail_stays_so_when_its_owner_posts_it, one_persons_token_is_nothing_in_anothers_hand; security/insiders: a_member_who_was_passed_on_a_mail_takes_nobody_out_by_it, a_code_in_anybodys_words_makes_no_answer_to_us_of_an_answer_to_them"),
            ("a scanner that follows every link", "looking changes nothing; a POST that says what it means does", "web/oneclick: looking_changes_nothing, scanners_that_follow_every_link_leave_nobody_out, a_post_that_does_not_mean_it"),
            ("a bounce that nobody sent", "no signed path, no bounce; days count, not reports", "journeys/m42_holds_and_robots: a_signed_bounce_is_scored_and_a_forged_one_refused; journeys/hostile: a_complaint_without_our_mark_makes_nobody_leave; journeys/bounces: reports_count_as_replies_do_and_a_report_names_only_its_own; journeys/batches: whoever_got_the_mail_forges_bounces_of_others_in_vain, a_complaint_about_a_batch_takes_nobody_out_and_one_about_our_question_does"),
            ("an answer to an event for somebody else", "it counts for whoever sent it", "journeys/hostile: a_calendars_answer_for_somebody_else; store/events: an_answer_is_the_senders_whoever_the_calendar_names"),
            ("a calendar that repeats for ever or points to a file", "nothing is expanded, nothing is fetched", "journeys/hostile: a_calendar_full_of_hooks; security/nothing_fetched: nothing_asks_for_a_page"),
            ("a domain that has copies of its mail refused", "From is ours, with the writer's name; Reply goes to everyone", "security/nothing_fetched: what_goes_out_is_from_us"),
            ("a client that lost our 250", "the same mail again is the same mail", "journeys/m01_post_and_reply: the_same_mail_handed_over_twice_is_posted_once; store/inbox: what_is_accepted_comes_back_whole_and_in_order; talks/durable: a_client_that_vanishes_after_the_dot_is_kept_once"),
            ("a mail that takes the id of another", "another post, that replaces nothing", "store/posts: the_same_mail_twice_is_one_post_and_a_different_mail_under_its_id_another; security/insiders: a_post_that_takes_the_id_of_a_mail_of_ours_gets_another"),
            ("an answer that reaches into another community", "ids count inside one community; loops are cut", "store/posts: a_thread_of_another_community_is_out_of_reach, two_mails_that_name_each_other_stay_a_forest; community/threads: fifty_relatives_are_enough"),
            ("two senders that send the same", "a claim is one statement, with a lease", "store/tries: two_workers_never_hold_the_same_delivery; outbound/deliver: two_deliverers_on_one_database_send_nothing_twice"),
            ("killed between commit and 250", "the retry is the same mail", "properties/kill: what_was_answered_survives_five_kills"),
            ("killed between the relay's 250 and our mark", "no more than what was in flight, under the same id", "outbound/deliver: after_a_kill_what_was_in_flight_and_no_more_may_come_twice, a_cut_after_the_dot_doubles_that_mail_alone_and_says_so"),
            ("a mail that always fails", "counted before it is read, set aside after three tries", "inbound/reader: a_mail_that_takes_its_readers_down_is_set_aside_and_a_few_kills_do_not_count, a_mail_that_cannot_be_handled_is_set_aside_and_replayed; jobs/set_aside: facilitators_learn_of_each_mail_on_the_shunt_once"),
            ("our own trouble told as a refusal", "451, in fixed words", "talks/replies: our_own_trouble_is_never_told; inbound/intake: a_store_that_is_gone_is_try_later_and_complained_of_once"),
            ("a client that is slow on purpose", "limits of silence, pace, errors, commands and time", "talks/limits: the_silent_and_the_dribbling_are_shown_out, commands_without_a_mail_come_to_an_end, connections_of_one_peer_are_counted, slow_clients_do_not_stall_an_honest_one"),
            ("every open file taken", "fewer connections than files, or no start", "talks/limits: more_connections_than_files_stop_the_start"),
            ("a browser made to speak to us", "shown out at the first word", "talks/replies: a_reply; web/webdoor: a_head_has_a_bound"),
            ("an envelope that means two things", "our own narrow reading; mail for our own addresses alone", "talks/replies: a_reply; inbound/path: what_stands_behind_mail; mail/addressing: everything_else_is_refused"),
            ("a page of ours that runs somebody's words", "text alone, a strict policy, files never inline", "journeys/hostile: words_that_look_like_programs_stay_words; web/webdoor: every_answer_is_strict_and_repeats_nothing; web/archivepages: from_the_door_to_the_words"),
            ("a picture that tells who reads", "no picture from outside goes out", "journeys/hostile: words_that_look_like_programs_stay_words; security/played: no_mail_of_this_class_does_any_harm"),
            ("a cell that is a formula, a title that is a calendar line", "a mark before it; text escaped", "verbs/archive: a_cell_is_never_a_formula; mail/invite: a_title_stays_in_its_property; journeys/m_team: a_long_list_comes_as_a_file_that_runs_nothing"),
            ("a search that is a query", "every term quoted, every value a parameter", "store/search: any_text_is_a_search, a_term_means_nothing_to_a_query_language"),
            ("text that a database does not take", "octets as octets; words cleaned in one place", "store/posts: text_that_no_database_takes_is_cleaned"),
            ("a file name that climbs", "names are words in rows and headers", "mail/parse: names_of_files_hold_no_path; security/between_people: files_and_names_in_what_is_kept_about_one; web/webdoor: what_is_not_there"),
            ("a full disk", "452 until there is room", "talks/durable: a_full_disk_is_try_later_and_passes; inbound/intake: which_errors_mean_a_full_disk"),
            ("a database that is locked or away", "451, and again; nothing is lost", "outbound/deliver: a_database_that_fails_for_a_moment_loses_nothing; web/gauges: a_database_that_does_not_answer"),
            ("a clock that jumps", "slots are local dates, taken once", "jobs/clock: a_clock_set_wrong_and_right_again_doubles_nothing, a_digest_a_date_through_both_nights; outbound/deliver: a_clock_that_jumps_past_all_leases_doubles_nothing"),
            ("people named in logs", "ids; addresses as keyed hashes", "security/journal_tells: a_busy_day_names_nobody, an_error_quotes_no_mail; talks/limits: aiosmtpd_says_nothing_below_a_warning; web/webdoor: no_token_in_the_log"),
            ("a key that is read, shown or never changed", "in a file of the owner's alone; two at a time", "mail/tokens: keys_are_not_shown, a_previous_key_still_opens_and_no_longer_seals; verbs/check: key_state_and_certificate"),
            ("somebody's data asked for, or erased, by another", "to the address we know, after proof; erased means nowhere", "journeys/m_person: my_data_goes_to_the_address_we_know_only_after_proof, who_is_erased_is_nowhere_any_more, nobody_is_erased_by_somebody_else_or_by_half_a_word"),
            ("what a mail tells of where it was written", "fields of a list, nothing beside it", "mail/compose: only_fields_of_the_list_are_sent; journeys/m13_private_replies: files_ride_along_but_nothing_that_tells_who_sent_them"),
            ("finding out who is a member", "the same answers to everybody", "security/same_answers: members_and_strangers_hear_the_same; security/insiders: members_learn_of_no_address_whether_it_is_a_members; web/oneclick: every_token_that_is_not_ours_gets_the_same_answer"),
            ("thousands of recipients", "a hundred in an envelope; those of the header are nobody's", "talks/replies: a_reply; journeys/hostile: ten_thousand_recipients_in_the_header_are_nobodys"),
            ("a password said in clear", "TLS that is wanted is not done without", "outbound/opening: tls_that_is_wanted_and_not_offered_is_not_done_without, settings_that_would_show_the_password_stop_the_start"),
        ),
        1,
    )
)  # fmt: skip


def shown_by(attack: Attack) -> list[tuple[str, str]]:
    """(file below tests/, name of a test) for each test that shows it."""
    found = []
    for group in attack.shown.split("; "):
        place, _, names = group.partition(": ")
        room, _, file = place.partition("/")
        found += [(f"{room}/test_{file}.py", f"test_{name}") for name in names.split(", ")]
    return found
