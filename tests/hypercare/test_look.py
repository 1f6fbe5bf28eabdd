"""A look after the cutover: what stands, what people deleted, edited and wrote since. Nothing is written."""

import asyncio
import csv
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from migration_assets.hypercare import checks
from migration_assets.hypercare.look import NothingLoadedError, look
from migration_assets.hypercare.watch import find, write_watch
from migration_assets.objects.touches import WORDS
from migration_assets.writing.environment import Environment
from migration_assets.writing.touch_rules import RefusalCode
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.journal import Journal, Run
from tests.intercom.test_files import put
from tests.support import target_tables as tt


class Care:
    """The small target, loaded; `cutover` is the moment after."""

    def __init__(self, site):
        self.site = site
        site.migrate()
        self.cutover = datetime.now(UTC)
        self.ids = dict(
            site.rows("SELECT source_key, intercom_id FROM plan.journal WHERE object = 'conversation' "
                      "AND operation = 'create'")
        )  # fmt: skip

    def look(self, days=0):
        """Look `days` after now; returns the findings and how many calls wrote."""

        async def work():
            async with Intercom(self.site.server.url, self.site.server.token, budget=Budget()) as client:
                with Journal(self.site.url, "m") as journal:
                    journal.begin_run(Run("care", kind="hypercare"))
                    env = Environment(self.site.warehouse, journal, client, settle_seconds=0.0)
                    return await look(env), client.calls.snapshot()["writes"]

        present, writes = asyncio.run(work())
        now = datetime.now(UTC) + timedelta(days=days)
        with self.site.warehouse.connect() as connection:
            return find(connection, present, self.cutover, now), writes

    def rows(self, name):
        return self.site.rows(f"SELECT * FROM hypercare.{name}")

    def reply(self, key, **body):
        self.site.call(lambda client: client.reply_ticket(self.ids[key], {"message_type": "comment", **body}))


@pytest.fixture
def care(small):
    return Care(small)


def contact_id(care, key):
    ((found,),) = care.site.rows(
        f"SELECT intercom_id FROM plan.journal WHERE object = 'contact' AND source_key = '{key}'"
    )
    return found


def test_where_nobody_did_anything_all_stands_and_nothing_is_found(care):
    found, writes = care.look()
    assert writes == 0
    counts = {item.object: (item.loaded, item.present, item.deleted_in_intercom) for item in found.stands}
    assert counts["part"] == (5, 5, 0)
    assert [item.unexplained for item in found.stands] == [0] * len(found.stands)
    assert (found.deleted_in_intercom, found.edited, found.replied, found.waiting) == (0, 0, 0, 0)
    for check in checks.CHECKS:
        assert passed(check, care)


def passed(check, care):
    return check(warehouse=care.site.warehouse).passed


def test_what_was_deleted_is_listed_and_a_person_is_told(care):
    care.site.call(lambda client: client.delete_ticket(care.ids["t4"]))
    found, writes = care.look()
    assert (found.deleted_in_intercom, writes) == (2, 0), "the conversation and its part"
    assert [row[:2] for row in care.rows("deleted_in_intercom")] == [("conversation", "t4"), ("part", "m5")]
    assert [item.unexplained for item in found.stands] == [0] * len(found.stands)
    result = checks.nothing_was_deleted(warehouse=care.site.warehouse)
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert passed(checks.everything_is_accounted_for, care)


@pytest.fixture
def care_with_files(small):
    """The small target with two files at a message of ticket t4."""
    *others, carrier = small.tables["parts"]
    small.target(
        attachments=[put(small, tt, "f1", "m5", ticket_id="t4"), put(small, tt, "f2", "m5", b"two", 2, "t4")],
        file_headings=[tt.heading("m5", "t4")],
        parts=[*others, carrier | {"attachments": ["f1", "f2"]}],
    )
    return Care(small)


def test_files_are_counted_and_go_with_the_message_that_carries_them(care_with_files):
    care = care_with_files

    def files():
        found, _ = care.look()
        (of,) = [item for item in found.stands if item.object == "attachment"]
        return of.loaded, of.present, of.deleted_in_intercom

    assert files() == (2, 2, 0)
    care.site.call(lambda client: client.delete_ticket(care.ids["t4"]))
    assert files() == (2, 0, 2)
    assert passed(checks.everything_is_accounted_for, care)


def test_files_that_somebody_took_out_of_a_message_are_missing(care_with_files):
    care = care_with_files
    ((part,),) = care.site.rows("SELECT intercom_id FROM plan.journal WHERE object = 'part' AND source_key = 'm5'")
    care.site.call(lambda client: client.redact_part(care.ids["t4"], part))
    found, _ = care.look()
    assert {item.object: item.unexplained for item in found.stands if item.unexplained} == {"attachment": 2}
    assert not passed(checks.everything_is_accounted_for, care)


def test_who_wrote_since_is_counted_and_who_waits_for_a_day_is_told(care):
    care.reply("t1", type="user", intercom_user_id=contact_id(care, "c1"), body="Hello again")
    care.reply("t3", type="user", intercom_user_id=contact_id(care, "c2"), body="Hello")
    care.reply("t3", type="admin", admin_id=care.site.rows("SELECT admin_id FROM plan.admin_ids LIMIT 1")[0][0],
               body="Welcome back")  # fmt: skip
    found, writes = care.look()
    assert (found.replied, found.waiting, writes) == (2, 0, 0)
    assert {row[0]: row[2:4] for row in care.rows("replied")} == {"t1": (1, 0), "t3": (1, 1)}
    assert passed(checks.nobody_waits_for_an_answer, care)

    found, _ = care.look(days=2)
    assert found.waiting == 1, "only the one whom nobody has answered"
    assert not passed(checks.nobody_waits_for_an_answer, care)


def test_what_a_teammate_changed_is_named_without_its_value(care):
    admin = int(care.site.rows("SELECT admin_id FROM plan.admin_ids LIMIT 1")[0][0])
    care.site.call(lambda client: client.update_ticket(care.ids["t3"], {"open": False, "admin_id": admin}))
    found, _ = care.look()
    assert found.edited == 1
    of = ("conversation", "t3", care.ids["t3"])
    assert care.rows("edited") == [
        (*of, WORDS[RefusalCode.EDITED], "state", None),
        (*of, WORDS[RefusalCode.HANDLED], "close", "a teammate"),
    ]


def test_the_lists_and_the_page_are_written_by_key(care, tmp_path):
    care.site.call(lambda client: client.delete_ticket(care.ids["t4"]))
    found, _ = care.look()
    with care.site.warehouse.connect() as connection:
        write_watch(connection, tmp_path, found, care.cutover)
    with (tmp_path / "deleted_in_intercom.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["itco_id"] for row in csv.DictReader(file)] == ["t4", "m5"]
    assert not (tmp_path / "edited.csv").exists()
    page = (tmp_path / "index.html").read_text()
    assert "<td>t4</td>" in page
    assert "Body m5" not in page


def test_without_a_plan_a_look_says_what_to_do(site):
    async def work():
        async with Intercom(site.server.url, site.server.token, budget=Budget()) as client:
            with Journal(site.url, "m") as journal:
                await look(Environment(site.warehouse, journal, client))

    with pytest.raises(NothingLoadedError, match="make verify"):
        asyncio.run(work())


def test_a_check_without_a_look_says_so(site):
    with pytest.raises(dg.Failure, match="Nothing was looked at yet"):
        checks.nothing_was_deleted(warehouse=site.warehouse)
