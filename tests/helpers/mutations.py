"""A mutation takes one lock, constraint, check, policy, trigger or privilege away; a test that is named must notice.

A pytest run with `ERPDESK_TEST_MUTATION` set works on a template database from which that one thing is missing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

VARIABLE = "ERPDESK_TEST_MUTATION"


@dataclass(frozen=True, slots=True)
class Mutation:
    """SQL to run, or a text to replace in a function; `witness` is the test that fails then."""

    kind: str
    name: str
    witness: str
    sql: str = ""
    function: str = ""
    old: str = ""
    new: str = ""

    def apply(self, connection: psycopg.Connection[Any]) -> None:
        """Take it away, as superuser; fails when there is nothing to take away."""
        if self.sql:
            connection.execute(self.sql.encode())
            return
        rows = connection.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'erpdesk'::regnamespace AND proname = %s",
            (self.function,)).fetchall()
        assert len(rows) == 1, f"{len(rows)} functions {self.function}"
        text: str = rows[0][0]
        assert self.old in text, f"{self.function} has no {self.old!r}"
        connection.execute(text.replace(self.old, self.new).encode())


def drop_trigger(name: str, table: str, witness: str) -> Mutation:
    return Mutation("trigger", f"{name} on {table}", witness, f"DROP TRIGGER {name} ON erpdesk.{table}")


def drop_constraint(name: str, table: str, witness: str) -> Mutation:
    return Mutation("constraint", name, witness, f"ALTER TABLE erpdesk.{table} DROP CONSTRAINT {name}")


def without(kind: str, name: str, function: str, old: str, witness: str, new: str = "") -> Mutation:
    return Mutation(kind, name, witness, function=function, old=old, new=new)


def call(function: str, arguments: str, witness: str, within: str = "posting_apply") -> Mutation:
    """A check that is not called."""
    return without("check", function, within, f"PERFORM {function}({arguments});", witness)


def grant(privilege: str, who: str, witness: str) -> Mutation:
    return Mutation("grant", f"{privilege} to {who}", witness, f"GRANT {privilege} TO {who}")


_LOTS = "tests/attacks/test_forged_details.py::test_a_forged_plan_takes_no_batch_that_is_kept_and_none_before_it_came"
_BELOW = "tests/integration/test_negative_stock.py::"
_AHEAD = "tests/integration/test_planning_ahead.py::"
_HOT = "test_eight_desks_on_the_same_items_never_deadlock_and_leave_exact_stock"
_RIGHT = "test_what_a_person_may_not_do_is_refused_by_the_functions"
_BOOKS = "tests/attacks/test_posted_books.py::"
_RIGHTS = "tests/attacks/test_raising_rights.py::"
_OTHERS = "tests/attacks/test_other_organizations.py::"
_PLANS = "tests/attacks/test_forged_plans.py::test_a_forged_plan_is_refused_whole"
_FIGURES = "tests/attacks/test_forged_figures.py::test_figures_that_the_document_does_not_have_are_refused"
_OWN = "tests/attacks/test_transactions_of_ones_own.py::"
_RACES = "tests/integration/test_posting_concurrency.py::"
_ONE = "tests/faults/test_desks_at_once.py::"
_CALLS = "tests/attacks/test_calls_by_hand.py::"
_MASTERS = "tests/attacks/test_masters_in_use.py::"
_KEEP = "tests/attacks/test_masters_keep.py::"
_KEPT = _KEEP + "test_what_the_books_rest_on_is_not_changed_by_sql"
_GOODS = _KEEP + "test_goods_stay_on_the_account_that_they_stand_on"
_FITS = _KEEP + "test_a_master_names_only_accounts_that_fit"
_UNITS = _KEEP + "test_units_hold_what_was_counted_in_them"
_PRINTS = "tests/attacks/test_prints.py::"
_PEOPLE = "tests/attacks/test_rights_of_people.py::"
_YEARS = "tests/attacks/test_closed_years.py::"
_VERSIONS = "tests/attacks/test_planted_versions.py::"
_KEYS = "tests/attacks/test_keys_of_types.py::"
_NAMED = "tests/attacks/test_named_people.py::"
_CENTRES = "tests/attacks/test_forged_cost_centres.py::"
_APPROVALS = "tests/integration/test_approvals.py::"
_FINAL_SPLIT = _CENTRES + "test_the_split_of_a_posted_voucher_is_final[owner]"
_LESSER = _PEOPLE + "test_an_administrator_with_less_gives_no_more"
_TEMPLATES = _PRINTS + "test_templates_are_written_by_those_who_configure[clerk]"
_NEWER: Sequence[Mutation] = (
    # users, their rights and logins
    without("lock", "members and users of an organization", "administered", "FOR NO KEY UPDATE",
            _PEOPLE + "test_two_administrators_put_each_other_out_and_one_stays"),
    without("check", "oneself, when rights are given", "user_grant", "PERFORM refuse_oneself(u.name, 'rights');",
            _PEOPLE + "test_an_administrator_gives_himself_nothing"),
    without("check", "more than one has oneself", "user_grant", "PERFORM refuse_beyond_mine(new, 'would be allowed');",
            _LESSER),
    without("check", "limits above one's own", "user_limits", "PERFORM refuse_above_mine(o, u.name);", _LESSER),
    without("check", "somebody who may do more", "user_revoke", "PERFORM refuse_beyond_mine(old, 'may do');", _LESSER),
    without("check", "every organization of a login", "managed_login", "NOT may(m.organization_id, 'user.admin')",
            _PEOPLE + "test_an_administrator_of_one_organization_is_nobody_in_another",
            "NOT (may(m.organization_id, 'user.admin') OR may((SELECT x.organization_id FROM organization_member x"
            " WHERE x.user_name = session_user AND x.is_active LIMIT 1), 'user.admin'))"),
    without("check", "login made by this database", "user_password", "IF NOT u.login_is_own THEN",
            _PEOPLE + "test_logins_made_elsewhere_keep_their_password", "IF false THEN"),
    *(without("check", f"verifier of a password, {what}", f"login_{what}", "PERFORM check_login(p_name, p_verifier);",
              _PEOPLE + "test_only_a_verifier_becomes_a_password[plain]") for what in ("make", "change")),
    without("check", "list of words", "words_given", "IF coalesce(jsonb_typeof(p -> p_key), 'null') = 'null'",
            _PEOPLE + "test_a_grant_that_is_not_understood_gives_nothing[asked0]",
            "IF jsonb_typeof(p -> p_key) IS DISTINCT FROM 'array'"),
    without("check", "sessions of who was put out", "user_active", "IF NOT lets_in THEN",
            _PEOPLE + "test_the_open_session_of_a_disabled_user_is_ended", "IF false THEN"),
    *(Mutation("policy", f"{table} of an organization that one may audit",
               _PEOPLE + "test_an_auditor_of_one_organization_reads_no_audit_of_another",
               f"DROP POLICY may_select ON erpdesk.{table}")
      for table in ("audit_entry", "audit_seal", "organization_member", "user_limit")),
    # goods owed, met by what lies in their place
    without("check", "goods owed by the voucher itself are met too", "set_off_fault",
            "b.deficit_quantity + n.quantity,", _BELOW + "test_a_sale_dated_before_all_that_is_there_is_met_by_it",
            "b.deficit_quantity,"),
    without("check", "bins are emptied with what meets", "posting_set_off", "UPDATE batch_balance q SET quantity = 0",
            _BELOW + "test_bins_are_emptied_too", "UPDATE batch_balance q SET quantity = q.quantity"),
    without("check", "no reversal leaves value on nothing", "reversal_check_stock", "OR (x.q = 0 AND x.val <> 0)",
            _BELOW + "test_a_reversal_that_would_leave_value_on_nothing_says_what_to_do"),
    without("check", "no reversal takes what was put away", "reversal_check_stock", "OR x.q + x.dq < x.lying",
            "tests/integration/test_bins.py::test_what_was_put_away_or_issued_since_it_came_can_not_be_taken_back[OIL]"),
    without("check", "a unit leaves after its moves", "reversal_check_stock", "AND s.last_moved_on > p_day",
            "tests/integration/test_units_as_they_left.py::test_a_reversal_does_not_take_a_unit_away_before_it_moved",
            "AND false"),
    without("check", "a batch kept for orders stays", "posting_verify_details", "k.kept > 0 AND k.kept > (",
            _LOTS + "[2026-04-20-the_first_batch]", "false AND k.kept > ("),
    without("check", "a batch is not below zero on a day", "posting_verify_details", "m.went > least_of_lot(",
            _LOTS + "[2026-04-03-a_batch_of_later]", "false AND m.went > least_of_lot("),
    without("check", "days of a batch are not contradicted", "posting_save", "IF clash IS NOT NULL",
            "tests/integration/test_planning_ahead.py::test_days_of_a_batch_brought_in_meanwhile_are_not_contradicted_unheard",
            "IF false"),
    without("check", "a last cost is not that of goods set off", "reversal_write_stock", "AND m.kind <> 'set_off'",
            _BELOW + "test_after_a_reversal_the_last_cost_is_what_was_last_paid_or_taken"),
    without("check", "vouchers of others are not followed", "posting_verify_sources", " OR f.is_others",
            "tests/integration/test_followed_party.py::test_the_server_refuses_it_too[SALES_RETURN]"),
    without("check", "goods pass GR/IR at their value", "posting_verify_roles",
            "WHERE j.received <> -m.came OR j.invoiced <> m.came",
            "tests/integration/test_goods_through_grir.py::test_the_server_refuses_goods_that_pass_otherwise",
            "WHERE false"),
    without("check", "goods owed are met whole, of nothing left", "posting_verify_taken",
            "OR set_off_fault(v, plan) THEN",
            "tests/attacks/test_forged_set_off.py::test_what_is_owed_is_met_whole_where_nothing_is_left", "THEN"),
    # closing a year
    without("lock", "year that is being closed", "year_to_turn", "f.id = p_year FOR UPDATE",
            "tests/integration/test_year_closing.py::test_eight_desks_post_while_the_year_is_closed", "f.id = p_year"),
    without("check", "right to close", "year_to_turn",
            "PERFORM require_permission(p_organization, 'year.close', 'close or reopen a year');",
            _YEARS + "test_a_year_is_reopened_by_nobody_without_the_right",
            "PERFORM require_member(p_organization);"),
    without("check", "closing entry is reversed with its year", "reversal_voucher", "PERFORM reversal_of_closing(v);",
            _YEARS + "test_a_closing_entry_stays_one_when_its_type_is_made_another", "NULL;"),
    without("check", "closing entry is not typed", "posting_apply", "ELSIF t.counterpart_role = 'retained_earnings'",
            _YEARS + "test_a_closing_entry_is_not_forged", "ELSIF false"),
    without("check", "locks that a closing passes", "is_closing_day", "AND c.is_being_written",
            _YEARS + "test_the_lock_that_a_closing_passes_stays_shut_for_everything_else"),
    # versions of a type
    without("check", "version that a voucher was typed on", "posting_begin",
            "(p -> 'voucher' ->> 'blueprint_version')::integer <> v_blueprint",
            _VERSIONS + "test_a_version_that_never_was_the_types_is_not_taken", "false"),
    without("check", "version that the type had", "require_typed_version", "AND n.version <= t.version",
            _VERSIONS + "test_a_version_that_never_was_the_types_is_not_taken"),
    without("check", "days of older versions", "days_of_older_versions", "SELECT 30",
            "tests/integration/test_typed_versions.py::test_nothing_new_comes_in_on_a_version_replaced_long_ago"
            "[31-False]", "SELECT 300"),
    without("check", "identity of a kept document", "config_typed", "'organization_id', 'id', ",
            _VERSIONS + "test_a_kept_document_stands_for_no_other_type_and_no_other_organization"),
    Mutation("policy", "versions are written by who may configure",
             _VERSIONS + "test_nobody_plants_versions_without_the_right_to_configure",
             "DROP POLICY may_insert ON erpdesk.blueprint_version"),
    *(Mutation("policy", f"baselines: {verb}", "tests/integration/test_baseline_upgrades.py::"
               "test_taking_and_leaving_need_the_right_by_the_database_too",
               f"DROP POLICY may_{verb} ON erpdesk.blueprint_baseline") for verb in ("insert", "update")),
    # keys of types
    drop_constraint("uq_voucher_config_master_shortcut_key", "voucher_config_master",
                    _KEYS + "test_a_key_that_another_type_has_is_refused_however_it_is_written[F8-F8]"),
    drop_trigger("type_has_its_key", "voucher_config_master",
                 _KEYS + "test_a_key_that_another_type_has_is_refused_however_it_is_written[Alt+9-Alt+9]"),
    without("check", "modifiers of a key in one order", "type_has_its_key",
            "CASE WHEN position('Ctrl+' IN NEW.shortcut) > 0 THEN 'Ctrl+' END,",
            _KEYS + "test_other_modifiers_make_another_key"),
    without("check", "letters of a key as capitals", "type_has_its_key", "upper(substring(NEW.shortcut FROM '[^+]*$'))",
            _KEYS + "test_a_key_that_another_type_has_is_refused_however_it_is_written[f8-F8]",
            "substring(NEW.shortcut FROM '[^+]*$')"),
    without("check", "key of a type that is switched on", "type_has_its_key",
            "(NEW.shortcut, NEW.is_active) IS NOT DISTINCT FROM (OLD.shortcut, OLD.is_active)",
            _KEYS + "test_a_new_type_and_one_that_is_switched_on_are_held_to_it",
            "NEW.shortcut IS NOT DISTINCT FROM OLD.shortcut"),
    without("check", "key as it is compared, written by nobody", "type_has_its_key",
            "NEW.shortcut_key := OLD.shortcut_key;", _KEYS + "test_what_is_compared_is_written_by_nobody", "NULL;"),
    # people whom rules name
    *(drop_trigger("names_somebody", table, _NAMED + f"test_a_name_that_nobody_has_is_refused[{case}]")
      for table, case in (("approval_rule", "approver"), ("field_rule", "rule-role"),
                          ("key_path_override", "path-user"))),
    *(drop_trigger(f"names_some_{kind}", "voucher_udf_config",
                   _NAMED + f"test_a_name_that_nobody_has_is_refused[own-{kind}]") for kind in ("role", "branch")),
    without("check", "users of the same organization", "state_of_name", "m.organization_id = p_organization AND ",
            _NAMED + "test_users_of_another_organization_are_nobody_here"),
    without("check", "who is told of names", "states_of_names", "PERFORM require_member(p_organization);",
            _NAMED + "test_who_is_a_member_is_told_to_members_alone"),
    # printing
    without("lock", "voucher that is being printed", "voucher_printed", "x.id = p_voucher FOR NO KEY UPDATE",
            _PRINTS + "test_who_prints_while_another_prints_waits_and_gets_the_next_copy", "x.id = p_voucher"),
    without("check", "number of copies", "voucher_printed", "p_copies IS NULL OR p_copies NOT BETWEEN 1 AND 99",
            _PRINTS + "test_only_a_sensible_number_of_copies_is_counted", "false"),
    without("check", "copies of what is posted", "prints_follow", "AND v.status IN ('POSTED', 'REVERSED')",
            _PRINTS + "test_a_draft_has_no_counted_copies"),
    *(Mutation("policy", f"print templates: {verb}", _TEMPLATES,
               f"DROP POLICY may_{verb} ON erpdesk.print_template") for verb in ("insert", "update", "delete")),
    # splits over cost centres, and what they mean to approval
    *(drop_trigger(f"parts_{what}", "voucher_line_cost_centre", _FINAL_SPLIT)
      for what in ("inserted", "updated", "deleted")),
    without("check", "parts come to their line", "posting_verify_cost_centres", "HAVING sum(s.amount) IS DISTINCT FROM",
            _CENTRES + "test_parts_that_do_not_come_to_their_line_are_not_posted_with_a_journal_that_agrees",
            "HAVING sum(s.amount) IS NULL AND true IS DISTINCT FROM true OR 0 >"),
    without("check", "parts on inactive cost centres", "masters_are_active", "AND s.voucher_id = NEW.id",
            _CENTRES + "test_a_part_on_a_cost_centre_that_became_inactive_is_not_posted", "AND false"),
    Mutation("policy", "splits of a limited member's branch", _CENTRES + "test_a_split_is_seen_by_who_sees_its_voucher",
             "DROP POLICY branch ON erpdesk.voucher_line_cost_centre"),
    without("check", "parts that ask for approval", "approval_levels", "AND s.cost_centre_id = r.cost_centre_id",
            _APPROVALS + "test_branch_and_cost_centre_say_which_rows_match", "AND false"),
    without("check", "goods that became dearer", "posting_permit",
            "AND NOT approval_levels(v, t, p_amount) <@ q.levels",
            _APPROVALS + "test_goods_that_became_dearer_need_the_levels_of_what_they_cost_now", "AND false"),
)

_NO_WRITING = _BOOKS + "test_nobody_writes_books_or_rights_by_hand[books-clerk]"

MUTATIONS: Sequence[Mutation] = (
    # locks
    without("lock", "period while a post is under way", "posting_begin", "FOR SHARE OF y, a", _RACES
            + "test_a_period_can_not_be_closed_under_a_post_that_has_found_it_open"),
    without("lock", "stock balances", "posting_stock", "FOR NO KEY UPDATE OF b",
            _RACES + _HOT),
    without("lock", "order of stock balances", "posting_stock",
            "ORDER BY b.item_id, b.warehouse_id FOR NO KEY UPDATE",
            _RACES + _HOT,
            "ORDER BY random() FOR NO KEY UPDATE"),
    without("lock", "stock held by apply itself", "posting_hold_stock", "FOR NO KEY UPDATE",
            _OWN + "test_stock_that_was_not_locked_is_locked_before_its_cost_is_checked"),
    without("lock", "order of stock held by apply itself", "posting_hold_stock",
            "ORDER BY b.item_id, b.warehouse_id FOR NO KEY UPDATE",
            _AHEAD + "test_eight_desks_on_plain_stock_are_exact_whatever_was_planned_when",
            "ORDER BY random() FOR NO KEY UPDATE"),
    *(without("check", f"stock is plain where it was planned ahead: {name}", "posting_hold_stock", f"x.{old}",
              _AHEAD + witness, "false")
      for name, old, witness in (
          ("moved by no later day", "last_moved_on > v.voucher_on",
           "test_what_a_later_day_takes_meanwhile_is_not_sold"),
          ("not owed", "deficit_quantity <> 0", "test_goods_that_go_below_zero_meanwhile_are_made_good"),
          ("not reserved", "reserved_quantity <> 0", "test_what_is_reserved_meanwhile_is_not_sold"))),
    without("check", "limit that warns, where it was planned ahead", "posting_apply",
            "OR (t.credit_check = 'warn' AND (p ->> 'is_ahead')::boolean)",
            _AHEAD + "test_a_limit_used_up_meanwhile_is_told[warn]"),
    without("check", "outcome of what was begun", "posting_post", "begun ->> 'outcome' <> 'open'",
            _AHEAD + "test_a_type_changed_meanwhile_is_not_posted_by_its_old_rules", "false"),
    without("lock", "draft while it is saved", "posting_save", "v.id = h.id FOR NO KEY UPDATE",
            _ONE + "test_a_draft_saved_and_posted_at_once_goes_to_one_and_shows_the_other_both_versions",
            "v.id = h.id"),
    without("lock", "voucher that is being reversed", "reversal_voucher", "ORDER BY x.id FOR NO KEY UPDATE",
            _ONE + "test_a_voucher_is_reversed_once_by_desks_at_once", "ORDER BY x.id"),
    without("lock", "key claimed in this transaction", "posting_apply", "AND k.xmin = pg_current_xact_id()::xid",
            _OWN + "test_a_savepoint_keeps_no_half_of_a_post"),
    # constraints
    drop_constraint("ck_journal_line_one_side", "journal_line",
                    _BOOKS + "test_a_line_on_both_sides_or_none_is_refused"),
    drop_constraint("uq_journal_organization_id_voucher_id", "journal",
                    _BOOKS + "test_a_second_journal_for_a_voucher_is_refused"),
    *(drop_constraint(name, "stock_balance", _BOOKS + "test_stock_is_never_below_zero_and_worth_nothing_when_gone")
      for name in ("ck_stock_balance_never_below_zero", "ck_stock_balance_no_quantity_no_value",
                   "ck_stock_balance_quantity_sane")),
    # triggers
    drop_trigger("journal_balances", "journal", _BOOKS + "test_an_unbalanced_journal_is_refused_at_commit"),
    drop_trigger("lines_join_their_journal", "journal_line", _BOOKS + "test_a_line_cannot_join_a_journal_of_the_past"),
    drop_trigger("books_never_change", "journal_line",
                 _BOOKS + "test_even_owner_and_superuser_are_stopped_from_rewriting_books[journal_line-owner]"),
    drop_trigger("books_never_emptied", "audit_entry",
                 _BOOKS + "test_even_owner_and_superuser_are_stopped_from_rewriting_books[audit_entry-owner]"),
    drop_trigger("voucher_changes", "voucher", _BOOKS + "test_a_posted_voucher_does_not_go_back[DRAFT]"),
    drop_trigger("parts_updated", "voucher_line", _BOOKS + "test_lines_of_a_posted_voucher_are_final"),
    *(drop_trigger("dated_open", table, _BOOKS + "test_nothing_is_dated_where_it_is_shut")
      for table in ("journal", "stock_movement")),
    *(drop_trigger("master_is_unused", table,
                   _MASTERS + f"test_nobody_deletes_a_master_that_something_refers_to[{table}]")
      for table in ("item", "party", "account", "currency")),
    *(drop_trigger("master_keeps", table, witness) for table, witness in (
        ("account", f"{_KEPT}[kind]"), ("item", f"{_KEPT}[valuation]"), ("batch", f"{_KEPT}[item of a batch]"),
        ("bin_location", f"{_KEPT}[warehouse of a bin]"), ("currency", f"{_KEPT}[currency]"),
        ("uom", f"{_UNITS}[decimals]"), ("warehouse", f"{_GOODS}[warehouse]"), ("item_group", f"{_GOODS}[group]"),
        ("party", f"{_FITS}[income for a party]"))),
    drop_trigger("master_begins", "item", f"{_FITS}[new item]"),
    drop_trigger("master_tree", "account", _KEEP + "test_nothing_stands_above_itself[account-1000-1900]"),
    drop_trigger("item_unit_keeps", "item_uom", f"{_UNITS}[factor]"),
    drop_trigger("item_unit_stays", "item_uom", f"{_UNITS}[gone]"),
    without("lock", "master that vouchers are posted with", "master_keeps", "IF n = 1 THEN",
            _KEEP + "test_a_change_waits_for_the_voucher_that_is_being_posted", "IF false THEN"),
    without("check", "goods of an item in another group", "goods_moved_by", "n.account_id, h.inventory_account_id",
            f"{_GOODS}[group of an item]", "n.account_id, g.inventory_account_id"),
    without("check", "account that something names", "master_faults", "said := account_named_for(was, now);",
            f"{_FITS}[account of a party]"),
    without("check", "group with entries", "master_faults", "NOT a.is_group AND", f"{_KEPT}[parent with entries]",
            "false AND"),
    without("check", "posted lines of what has no stock", "master_has_entries", "l.item_id = p_id::uuid AND",
            f"{_KEPT}[stocked after a sale]", "false AND"),
    without("check", "kind of an account with a role", "account_role_fits", "IF misfit IS NOT NULL THEN",
            _KEEP + "test_a_role_of_goods_goes_to_an_account_of_goods", "IF false THEN"),
    without("check", "member who asks about masters", "masters_refused", "IF NOT (p_organization",
            _KEEP + "test_nobody_asks_about_the_masters_of_another_organization", "IF false AND NOT (p_organization"),
    drop_trigger("masters_are_active", "voucher",
                 _MASTERS + "test_an_inactive_master_is_refused_by_service_and_database[item]"),
    drop_trigger("prints_follow", "voucher_print", _PRINTS + "test_the_count_of_copies_has_no_gap_whoever_writes"),
    drop_trigger("books_never_change", "voucher_print", _PRINTS + "test_the_count_of_copies_is_never_lowered[owner]"),
    without("check", "right to print", "voucher_printed", "may(p_organization, 'report.view', v_type, v.branch_id)",
            _PRINTS + "test_a_member_without_the_right_counts_nothing", "true"),
    drop_trigger("numbers_follow", "voucher_number", _BOOKS + "test_numbers_are_neither_skipped_nor_used_twice"),
    drop_trigger("counter_counts", "number_counter", _BOOKS + "test_numbers_are_neither_skipped_nor_used_twice"),
    drop_trigger("key_keeps_its_content", "idempotency_key",
                 _BOOKS + "test_a_key_keeps_its_content_and_its_first_result"),
    drop_trigger("key_is_used", "idempotency_key", _OWN + "test_a_key_is_not_used_up_without_a_post"),
    drop_trigger("voucher_edit_is_audited", "voucher",
                 _OWN + "test_a_draft_is_not_rewritten_unaudited_by_opening_a_post"),
    drop_trigger("voucher_is_whole", "voucher", _BOOKS + "test_no_change_of_status_goes_unaudited"),
    drop_trigger("audit_updated", "party", _BOOKS + "test_masters_in_use_are_not_deleted_and_every_change_is_audited"),
    # checks
    without("check", "posting_verify", "posting_apply", "SELECT * INTO moves FROM posting_verify(v, t, d, plan);",
            _PLANS + "[journal-another_amount]",
            "SELECT true AS issued, true AS pooled, true AS below_zero, true AS detailed INTO moves;"),
    call("posting_verify_taken", "v, t, d, plan, moves.issued, moves.pooled, moves.below_zero, moves.detailed",
         "tests/integration/test_posting_layer_order.py::"
         "test_layers_taken_out_of_their_order_are_refused[SALES_INVOICETEA]"),
    call("posting_verify_cost_centres", "v, t, d, plan", "tests/attacks/test_forged_cost_centres.py::"
         "test_a_journal_that_gives_a_cost_centre_something_else_is_refused[all_on_one]"),
    call("posting_verify_accounts", "v, t, plan", _FIGURES + "[I1-sales_invoice]"),
    call("posting_verify_totals", "v, t, d, plan", _FIGURES + "[I5-sales_invoice]"),
    call("posting_verify_counted", "v, plan",
         "tests/attacks/test_forged_counts.py::test_a_count_moves_what_differs_and_nothing_else[PILL]"),
    call("posting_verify_named", "v, t, d, plan", _FIGURES + "[I5-sales_order]"),
    call("posting_verify_sources", "v, t, d, plan", _FIGURES + "[I5-sales_return-following]", "posting_verify_named"),
    call("posting_verify_settlements", "v, plan", _FIGURES + "[I11-ar_receipt-elsewhere]", "posting_verify_named"),
    call("posting_limits", "v, t, v.voucher_on, p_amount",
         _OWN + "test_limits_of_a_person_hold_against_a_changed_program", "posting_permit"),
    call("open_period", "p_organization, v_day", _OWN + "test_a_plan_made_before_the_books_were_shut_is_refused_after",
         "posting_begin"),
    call("require_member", "p_organization", _OTHERS + "test_no_function_works_on_another_organization[clerk]",
         "posting_apply"),
    without("check", "right to post, asked by apply", "posting_apply", "IF NOT may(p_organization, 'voucher.post'",
            _CALLS + _RIGHT, "IF NOT true AND NOT may(p_organization, 'voucher.post'"),
    without("check", "right to reverse", "reversal_voucher", "AND NOT may(p_organization, 'voucher.reverse'",
            _CALLS + _RIGHT, "AND NOT true AND NOT may(p_organization, 'voucher.reverse'"),
    # policies
    Mutation("policy", "members see their organizations' vouchers", _OTHERS
             + "test_no_table_shows_a_row_of_another_organization[clerk]",
             "ALTER POLICY member ON erpdesk.voucher USING (true)"),
    Mutation("policy", "row-level security of journal lines", _OTHERS
             + "test_no_table_shows_a_row_of_another_organization[clerk]",
             "ALTER TABLE erpdesk.journal_line DISABLE ROW LEVEL SECURITY"),
    Mutation("policy", "masters are edited by those who may", _RIGHTS + "test_permissions_of_a_member_narrow_his_group",
             "DROP POLICY may_update ON erpdesk.party"),
    Mutation("policy", "a limited member's branch", _RIGHTS
             + "test_a_member_limited_to_a_branch_sees_only_its_vouchers",
             "DROP POLICY branch ON erpdesk.journal_line"),
    # privileges
    grant("UPDATE ON erpdesk.stock_balance", "erpdesk_clerk", _NO_WRITING),
    grant("INSERT ON erpdesk.journal", "erpdesk_clerk", _NO_WRITING),
    grant("TRUNCATE ON erpdesk.journal", "erpdesk_clerk", _NO_WRITING),
    grant("SELECT ON erpdesk.audit_entry", "erpdesk_clerk", _RIGHTS + "test_audit_is_read_by_those_who_may"),
    grant("EXECUTE ON ALL FUNCTIONS IN SCHEMA erpdesk", "erpdesk_clerk",
          _CALLS + "test_a_clerk_may_call_only_what_asks_who_he_is"),
    Mutation("grant", "fixed search path", _RIGHTS
             + "test_a_search_path_of_the_attacker_does_not_reach_into_definer_functions",
             "ALTER FUNCTION erpdesk.my_organizations() RESET search_path"),
    *_NEWER,
)


def wanted() -> Mutation | None:
    """The mutation that this run is for."""
    name = os.environ.get(VARIABLE)
    return next(mutation for mutation in MUTATIONS if mutation.name == name) if name else None
