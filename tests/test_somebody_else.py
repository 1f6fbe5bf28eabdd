"""Whole runs into a workspace where somebody else has a customer's id, or a lead their address: nobody is mixed up."""

import asyncio
import csv

import pytest
import yaml

from embedded_intercom.process import EmbeddedProcess, Quotas
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from schemas.settings import PROJECT
from tests.support.cli import Cli

pytestmark = [pytest.mark.slow, pytest.mark.rehearsal]
SEED = PROJECT / "sample_data" / "workspace_seed.json"
PLENTY = 100_000


def in_workspace(state, work):
    """Let `work` do something with the client of the state's embedded workspace, while no run is on."""

    async def session(process):
        async with Intercom(process.url, process.token, budget=Budget()) as client:
            return await work(client)

    (state / "embedded").mkdir(parents=True, exist_ok=True)
    with EmbeddedProcess(state / "embedded", quotas=Quotas(PLENTY, PLENTY), seed=SEED) as process:
        return asyncio.run(session(process))


@pytest.fixture
def asker(small_extract):
    """The id and the address of a customer who has tickets and no external id."""
    with (small_extract / "tickets.csv").open(encoding="utf-8-sig", newline="") as file:
        asked = {row["customer_id"] for row in csv.DictReader(file)}
    with (small_extract / "customers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["customer_id"] in asked and row["email"]]
    return next((row["customer_id"], row["email"]) for row in rows if not row.get("external_id"))


def migrate(state, extract, tmp_path, **choices):
    content = yaml.safe_load((PROJECT / "sample_data" / "mapping.yaml").read_text(encoding="utf-8"))
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(yaml.safe_dump(content | choices, allow_unicode=True), encoding="utf-8")
    quotas = {"EMBEDDED_APP_QUOTA": PLENTY, "EMBEDDED_WORKSPACE_QUOTA": PLENTY}
    run = Cli(state, MIGRATION_EXTRACT=extract, MIGRATION_MAP=mapping, **quotas)
    return run("migrate"), run


@pytest.mark.parametrize(("form", "held"), [("itco-{}", True), ("{}", False)])
def test_somebody_who_bears_a_customers_id_holds_them_alone(small_extract, tmp_path, asker, form, held):
    state, (key, _) = tmp_path / "state", asker
    stranger = {"role": "user", "external_id": form.format(key), "email": "karl@anders.example", "name": "Karl Anders"}
    before = in_workspace(state, lambda client: client.create_contact(stranger))
    finished, run = migrate(state, small_extract, tmp_path)
    loaded = finished.certificate["intercom"]
    assert loaded["contacts"]["present"] == loaded["contacts"]["planned"]
    assert loaded["conversations"]["present"] == loaded["conversations"]["planned"] > 20
    assert finished.certificate["verdict"] == ("partial" if held else "complete"), finished.certificate["reasons"]
    assert any("wait for" in reason for reason in finished.certificate["reasons"]) == held
    checked = run("verify")
    assert checked.certificate["verdict"] == finished.certificate["verdict"]
    choices = {"same_record": {f"contact {key}": "separate"}}
    settled, _ = migrate(state, small_extract, tmp_path, **(choices if held else {}))
    assert settled.certificate["verdict"] == "complete", settled.certificate["reasons"]
    there = in_workspace(state, lambda client: client.get_contact(before.id))
    assert (there.name, there.email, there.external_id) == (before.name, before.email, before.external_id)


def test_a_lead_with_a_customers_address_is_in_nobodys_way(small_extract, tmp_path, asker):
    state, (_, email) = tmp_path / "state", asker
    lead = {"role": "lead", "email": email, "name": "Karl Anders", "phone": "+4930999"}
    before = in_workspace(state, lambda client: client.create_contact(lead))
    finished, _ = migrate(state, small_extract, tmp_path)
    assert finished.certificate["verdict"] == "complete", finished.certificate["reasons"]
    there = in_workspace(state, lambda client: client.get_contact(before.id))
    assert (there.role, there.name, there.phone) == ("lead", before.name, before.phone)
