"""Texts that cannot be meant as they stand: decoded, repaired by the mapping, else found and counted."""

import pytest
from pydantic import ValidationError

from migration_assets.accounting.doubts import weigh
from migration_assets.clean.texts import is_doubtful, is_mojibake
from schemas.doubts import DoubtCode, DoubtState


def doubts(lab):
    where = "WHERE code <> 'ticket_without_message'"
    rows = lab.rows(f'SELECT code, object, "column", key, file, line, found FROM doubt.rows {where} ORDER BY ALL')
    return [tuple(row.values()) for row in rows]


def customers(*names):
    return [{"customer_id": str(number), "name": name} for number, name in enumerate(names, 1)]


def test_names_titles_tags_and_files_are_decoded_and_counted(lab):
    lab.empty("agents", "teams")
    lab.land("companies", [{"company_id": "1", "name": "M&uuml;ller &amp; S&ouml;hne"}])
    lab.land("customers", customers("=?UTF-8?Q?J=C3=BCrgen?=", "Ann"))
    lab.land("tags", [{"tag": "R&amp;D"}])
    for name in ("companies", "customers", "tags"):
        lab.clean(name)
    row = {"ticket_id": "1", "customer_id": "1", "status": "Open", "created_at": "2024-01-01 10:00"}
    lab.land("tickets", [row | {"subject": "K=C3=BCndigung", "tags": "R&amp;D; VIP"}])
    lab.clean("tickets")
    lab.empty("messages")
    lab.land("attachments", [{"attachment_id": "1", "ticket_id": "1", "file_name": "=?utf-8?B?w7wucGRm?="}])
    lab.clean("attachments")
    assert [row["name"] for row in lab.table("companies")] == ["Müller & Söhne"]
    assert [row["name"] for row in lab.table("customers")] == ["Jürgen", "Ann"]
    (ticket,) = lab.table("tickets")
    assert (ticket["subject"], ticket["tags"]) == ("Kündigung", ["R&D", "VIP"])
    assert [row["file_name"] for row in lab.table("attachments")] == ["ü.pdf"]
    counted = lab.rows("SELECT object, \"column\", rows FROM clean.findings WHERE code = 'decoded' ORDER BY ALL")
    assert [tuple(row.values()) for row in counted] == [
        ("attachments", "file_name", 1), ("companies", "name", 1), ("customers", "name", 1), ("tags", "tag", 1),
        ("tickets", "subject", 1), ("tickets", "tags", 1),
    ]  # fmt: skip
    assert doubts(lab) == []


def test_what_is_still_encoded_is_a_doubt_with_its_place(lab):
    lab.empty("companies", "agents")
    lab.land("customers", customers("=?x-none?Q?a=FC?=", "K=FCndig", "a=b K=C3=BC", "Ann & Co"))
    lab.clean("customers")
    assert doubts(lab) == [
        ("text_encoded", "customers", "name", "1", "customers.csv", 2, "=?x-none?Q?a=FC?="),
        ("text_encoded", "customers", "name", "2", "customers.csv", 3, "K=FCndig"),
        ("text_encoded", "customers", "name", "3", "customers.csv", 4, "a=b K=C3=BC"),
    ]
    (weighed,) = weigh(lab.connection, lab.mapping())
    assert (weighed.code, weighed.rows, weighed.state) == (DoubtCode.TEXT_ENCODED, 3, DoubtState.OPEN)


@pytest.mark.parametrize("broken", ["fÃ¼r", "Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "itâ€™s", "Â£40", "äÃ¶ü", "GrÃ¶ÃŸe"])
def test_letters_that_were_decoded_wrongly_are_found(broken):
    assert is_mojibake(broken)


@pytest.mark.parametrize(
    "sound", ["Größe", "CORAÇÃO", "L’été", "привет", "日本語", "Žluťoučký kůň", "أحمد", "naïve – „so“"]
)
def test_foreign_letters_are_not(sound):
    assert not is_mojibake(sound)


def test_mojibake_is_flagged_and_repaired_only_by_the_mapping(lab):
    lab.empty("companies", "agents")
    lab.land("customers", customers("MÃ¼ller", "Größe", "ItÃ¢â‚¬â„¢s"))
    lab.clean("customers")
    assert [row["name"] for row in lab.table("customers")] == ["MÃ¼ller", "Größe", "ItÃ¢â‚¬â„¢s"]
    assert [row[:4] for row in doubts(lab)] == [
        ("mojibake", "customers", "name", "1"), ("mojibake", "customers", "name", "3"),
    ]  # fmt: skip
    lab.clean("customers", lab.mapping(repair_mojibake=["customers.name"]), batch_rows=1)
    assert [row["name"] for row in lab.table("customers")] == ["Müller", "Größe", "It’s"]
    assert doubts(lab) == []
    (note,) = lab.rows("SELECT \"column\", rows FROM clean.findings WHERE code = 'mojibake_repaired'")
    assert note == {"column": "name", "rows": 2}


@pytest.mark.parametrize("name", ["customers", "nobody.name", "customers.nothing", "customers.name.more"])
def test_a_column_that_does_not_exist_cannot_be_repaired(lab, name):
    with pytest.raises(ValidationError):
        lab.mapping(repair_mojibake=[name])


def test_a_ticket_without_subject_goes_on(lab):
    lab.empty("companies", "agents", "teams")
    row = {"status": "Open", "created_at": "2024-01-01 10:00"}
    lab.land("customers", customers("Ann"))
    lab.clean("customers")
    subjects = enumerate([None, " ", "x"])
    lab.land("tickets", [row | {"ticket_id": str(n), "customer_id": "1", "subject": s} for n, s in subjects])
    counts = lab.clean("tickets")
    assert (counts.rows_out, counts.rows_quarantined) == (3, 0)
    assert [row["subject"] for row in lab.table("tickets")] == [None, None, "x"]


@pytest.mark.parametrize(
    "text",
    ["steht dort „MÃ¼ller“ statt „Müller“", "as etiquetas saem com «JoÃ£o» em vez de «João»", 'it says "CafÃ©" there'],
)
def test_letters_that_somebody_quotes_are_meant(text):
    assert is_mojibake(text)
    assert not is_doubtful(text)


@pytest.mark.parametrize("text", ["GrÃ¼ÃŸe von „Anna“", "a nombre de GestorÃ­a MuÃ±oz", "«JoÃ£o» e tambÃ©m AntÃ³nio"])
def test_letters_outside_of_what_is_quoted_are_doubtful(text):
    assert is_doubtful(text)
