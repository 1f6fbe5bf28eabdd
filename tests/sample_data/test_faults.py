"""The declared faults: each stands in the committed sample where it says, and none in the clean one."""

import csv
import io
import zlib
from pathlib import Path

import phonenumbers
import pytest
import yaml

from sample_data import catalogue
from sample_data.clean import attachment_path
from sample_data.faults import FAULTS, SampleFault
from sample_data.faults_attachments import CUT_FILE, EMPTY_FILE
from sample_data.generate import SEED, main
from sample_data.mess import LOOP, LOOP_MESSAGES, plant
from sample_data.parts import PARTS
from sample_data.readme import fault_table, locate, read_part
from sample_data.tables import clean_sample
from sample_data.topics import LANGUAGES
from schemas.mapping import load_mapping
from schemas.mapping_parts import fold

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
EXTRACT = SAMPLE / "extract"
CONSEQUENCES = ("message of a quarantined ticket",)
"""What is no fault of its own record: it stands in the clean sample too."""
WITHOUT_RULE = ("loaded", "normalised", "merged", "superseded", "skipped", "placeholder", "note", "split", "held")
NOTED = ("several_emails", "several_phones", "phone_extension")

by_name = pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault.number} {fault.kind}" for fault in FAULTS])


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean") / "extract"
    main(["--clean", "--out", str(folder)])
    return folder


@by_name
def test_the_fault_stands_where_it_says(fault: SampleFault) -> None:
    assert locate(fault, EXTRACT) is not None


@by_name
def test_the_clean_sample_has_none(fault: SampleFault, clean: Path) -> None:
    if fault.kind in CONSEQUENCES:
        assert locate(fault, clean) is not None
        return
    if fault.file == "companies.csv":
        # In the clean sample it is UTF-8, with other delimiters: only the text is looked for.
        assert f",{fault.sight}," not in (clean / fault.file).read_text(encoding="utf-8")
        return
    assert locate(fault, clean) is None


@by_name
def test_the_fault_says_which_rule_holds_it_back(fault: SampleFault) -> None:
    assert bool(fault.rule) == (fault.becomes not in WITHOUT_RULE) or fault.rule in NOTED
    assert fault.detail.endswith((".", "true", "1234.5"))


def test_there_are_many_kinds() -> None:
    assert len({fault.kind for fault in FAULTS}) >= 100
    assert [fault.number for fault in FAULTS] == list(range(1, len(FAULTS) + 1))


def test_the_readme_lists_every_fault() -> None:
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    table = fault_table(EXTRACT)
    assert table in readme
    assert table.count("\n") == len(FAULTS) + 1


def test_the_mapping_covers_every_value_of_the_sample() -> None:
    mapping = load_mapping(SAMPLE / "mapping.yaml")
    sample = clean_sample(SEED, 400)
    plant(sample)
    words = {part.object: part.words for part in PARTS if part.words}
    statuses = {row["status"] for row in sample.rows["tickets"].values()} | {
        word for part in PARTS for word in part.words.get("status", {}).values()
    }
    assert words
    assert {fold(word) for word in statuses if word} <= {fold(word) for word in mapping.statuses}
    priorities = {row["priority"] for row in sample.rows["tickets"].values()}
    priorities |= {word for part in PARTS for word in part.words.get("priority", {}).values()}
    assert {fold(word) for word in priorities if word} <= {fold(word) for word in mapping.priorities}
    messages = sample.rows["messages"].values()
    assert {row["kind"] for row in messages if row["kind"]} <= mapping.message_kinds.keys()
    assert {row["author_type"] for row in messages} <= mapping.author_types.keys()
    fields = {(field.object, field.field) for field in mapping.custom_fields}
    assert fields == {(row[1], row[0]) for row in catalogue.CUSTOM_FIELDS}


def test_only_the_declared_agent_and_team_are_unknown_to_the_workspace() -> None:
    mapping = load_mapping(SAMPLE / "mapping.yaml")
    seed = yaml.safe_load((SAMPLE / "workspace_seed.json").read_text(encoding="utf-8"))
    admins = {admin["email"] for admin in seed["admins"]}
    teams = {team["name"] for team in seed["teams"]}
    assert {mapping.agents.get(row[0], row[2]) for row in catalogue.AGENTS} <= admins
    assert {mapping.teams.get(row[1], row[1]) for row in catalogue.TEAMS} == teams
    assert catalogue.MISSING_AGENT[2] not in admins
    assert catalogue.MISSING_TEAM[1] not in teams
    assert mapping.settings.migration_admin in admins
    assert len(admins) == 12
    assert len(teams) == 4


def test_few_tickets_wait_for_the_agent_or_the_team() -> None:
    sample = clean_sample(SEED, 400)
    plant(sample)
    waiting = {
        row["ticket_id"] for row in sample.rows["tickets"].values() if row["agent_id"] == "112" or row["team_id"] == "5"
    }
    written = (row for row in sample.rows["messages"].values() if row["author_type"] == "agent")
    waiting |= {row["ticket_id"] for row in written if row["author_id"] == "112"}
    assert 5 <= len(waiting) <= 10


def test_one_thread_is_longer_than_intercom_allows() -> None:
    assert read_part(EXTRACT, "messages.csv").count(f",{LOOP},reply,") == LOOP_MESSAGES + 1 > 500


def test_attachments_match_their_files_except_where_declared() -> None:
    sample = clean_sample(SEED, 400)
    assert len(sample.files) == 50
    for row in sample.rows["attachments"].values():
        content = (EXTRACT / attachment_path(list(row.values()))).read_bytes()
        assert len(content) == int(row["size_bytes"])
        assert content.startswith({"png": b"\x89PNG", "pdf": b"%PDF-"}.get(row["file_name"][-3:], b""))
    assert (EXTRACT / EMPTY_FILE).read_bytes() == b""
    assert b"%%EOF" not in (EXTRACT / CUT_FILE).read_bytes()


def test_pictures_are_whole() -> None:
    pictures = sorted(EXTRACT.rglob("*.png"))
    assert len(pictures) > 10
    for path in pictures:
        content = path.read_bytes()
        start = content.index(b"IDAT") + 4
        length = int.from_bytes(content[start - 8 : start - 4], "big")
        side = int.from_bytes(content[16:20], "big")
        assert len(zlib.decompress(content[start : start + length])) == side * (side * 3 + 1)


def test_planted_contact_data_is_what_it_claims() -> None:
    sample = clean_sample(SEED, 400)
    phones = [row["phone"] for row in sample.rows["customers"].values() if row["phone"]]
    assert len(phones) > 40
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)
    wrong = next(fault for fault in FAULTS if fault.rule == "bad_phone")
    with pytest.raises(phonenumbers.NumberParseException):
        phonenumbers.parse(wrong.cells["phone"], "DE")


def test_there_are_eight_languages() -> None:
    assert set(LANGUAGES) == {"ar", "de", "en", "es", "fr", "ja", "pt", "uk"}


def test_the_undamaged_parts_are_sound_csv() -> None:
    damaged = {fault.file for fault in FAULTS if fault.raw}
    for part in PARTS:
        if part.file in damaged:
            continue
        text = read_part(EXTRACT, part.file).removeprefix("\ufeff").removeprefix("sep=;\r\n")
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=part.delimiter, strict=True))
        assert {len(record) for record in records} == {len(part.columns)}, part.file
