"""Texts that cannot be meant as they stand: decoded, repaired by the mapping, else found and counted."""

import pytest
from pydantic import ValidationError

from migration_assets.accounting.doubts import weigh
from migration_assets.clean import one_letter
from migration_assets.clean.texts import is_doubtful, is_mojibake
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import DoubtState


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


@pytest.mark.parametrize(
    "broken",
    [
        "fⁿr", "gr÷áer", "gr÷▀er", "spΣt", "f³r Kunden", "numÚro", "sch”n und sp„t", "f¸r", "fŸr", "f\x81r",
    ],
)  # fmt: skip
def test_letters_of_other_codes_are_found(broken):
    assert is_mojibake(broken)
    assert is_doubtful(f"Guten Tag, {broken} Ende")


@pytest.mark.parametrize(
    "sound",
    [
        "5 m³ und 3 m²", "kWh/m²a", "m³h", "Text¹und Fußnote²siehe", "10÷20", "a÷b", "Preis─Liste",
        "αβγ-Test", "JosÉ", "don”t",
        "Hallo…wie", "ŠKODA", "LÉa", "Lösung→Schritt", "Alþingi", "spõtt", "iPhone", "100µF", "┌──┐\n│ A │",
    ],
)  # fmt: skip
def test_signs_beside_words_are_none(sound):
    assert not is_mojibake(sound)


@pytest.mark.parametrize(
    ("broken", "right"),
    [
        ("gr÷▀er fⁿr", "größer für"), ("f³r spõte Gõste", "für späte Gäste"), ("numÚro trÞs", "numéro très"),
        ("f\x81r", "für"), ("schˆn sp‰t", "schön spät"), ("trŠs", "trŠs"),
    ],
)  # fmt: skip
def test_letters_of_other_codes_are_mended_where_they_are_certain(broken, right):
    assert one_letter.mended(broken) == right


def test_mojibake_is_flagged_and_repaired_only_by_the_mapping(lab):
    lab.empty("companies", "agents")
    lab.land("customers", customers("MÃ¼ller", "Größe", "ItÃ¢â‚¬â„¢s", "Gr÷▀e", "JosÚ"))
    lab.clean("customers")
    assert [row["name"] for row in lab.table("customers")] == ["MÃ¼ller", "Größe", "ItÃ¢â‚¬â„¢s", "Gr÷▀e", "JosÚ"]
    assert [row[:4] for row in doubts(lab)] == [
        ("mojibake", "customers", "name", key) for key in "1345"
    ]  # fmt: skip
    lab.clean("customers", lab.mapping(repair_mojibake=["customers.name"]), batch_rows=1)
    assert [row["name"] for row in lab.table("customers")] == ["Müller", "Größe", "It’s", "Größe", "José"]
    assert doubts(lab) == []
    (note,) = lab.rows("SELECT \"column\", rows FROM clean.findings WHERE code = 'mojibake_repaired'")
    assert note == {"column": "name", "rows": 4}


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
    [
        "steht dort „MÃ¼ller“ statt „Müller“",
        "as etiquetas saem com «JoÃ£o» em vez de «João»",
        'it says "CafÃ©" there, and should say Café',
        '<p>Die Umlaute sind kaputt: <b>"BÃ¼ro"</b></p>',
        "the wrong charset gives «CafÃ©»",
        'Sonderzeichen erscheinen als "\ufffd"',
    ],
)
def test_letters_that_somebody_writes_about_are_meant(text):
    assert not is_doubtful(text)


@pytest.mark.parametrize(
    "text", ["DoÄŸan", "Herr DoÄŸan ruft an", "AyÅŸe Kaya", "Åžahin", "GoÅ‚Ä…b", "ErdÅ‘s", "NovÃ¡k"]
)
def test_names_of_other_languages_that_were_decoded_wrongly_are_found(text):
    assert is_doubtful(text)


@pytest.mark.parametrize("text", ["f\\u00fcr Sie", "Gr\\u00FC\\u00DFe", "Mi\\u0142osz", "gr??er als", "Stra??e 7"])
def test_letters_that_are_escaped_or_are_question_marks_are_doubtful(text):
    assert is_doubtful(text)


@pytest.mark.parametrize(
    "text",
    [
        "Wirklich?? Ja", "Was?? nein", "https://a.example/x??y=b", "q=a??b", "C:\\u00fcb\\x", "5??7", "ÅLAND",
        "Åse Ähm",        "Ort: Åmål", "Schluss??", "Im Quelltext steht „\\u00fc“ als Zeichen.",
    ],
)  # fmt: skip
def test_question_marks_and_addresses_are_in_no_doubt(text):
    assert not is_doubtful(text)


@pytest.mark.parametrize(
    "text",
    [
        "GrÃ¼ÃŸe von „Anna“",
        "a nombre de GestorÃ­a MuÃ±oz",
        "«JoÃ£o» e tambÃ©m AntÃ³nio",
        'Frage zu "BÃ¼rostuhl schwarz"',
        'Ihr "BÃ¼rostuhl" ist da',
        "die Firma „MÃ¼ller & Co“",
        '<p>Monitor 27" fÃ¼r <b class="a">Sie</b></p>',
        "J\ufffdrg Wei\ufffd",
        "Angebot f\ufffdr Sie",
        "un caf\ufffd",
    ],
)
def test_letters_that_nobody_writes_about_are_doubtful(text):
    assert is_doubtful(text)


def test_letters_that_are_lost_are_found_in_every_column(lab):
    lab.empty("companies", "agents")
    lab.land("customers", customers("J\ufffdrg Wei\ufffd", "Ann"))
    lab.clean("customers")
    assert [row[:4] for row in doubts(lab)] == [("mojibake", "customers", "name", "1")]


def field(lab, *values, name="cf_note", **more):
    """Land customers with a text field of their own, and clean them by a mapping that carries it over."""
    mapping = lab.mapping(custom_fields=[{"object": "customer", "field": name, "name": "Note", "type": "string"}],
                          **more)  # fmt: skip
    lab.empty("companies", "agents")
    rows = [{"customer_id": str(number), "name": "Ann", name: value} for number, value in enumerate(values, 1)]
    lab.land("customers", rows)
    lab.clean("customers", mapping)
    return [row[:1] + row[2:4] for row in doubts(lab)]


def test_custom_fields_are_read_as_columns_are(lab):
    found = field(lab, "BÃ¼ro 7", "M=FCller", "f\ufffdr", "R&amp;D", "K&uumlndigung", "Größe")
    assert found == [
        ("mojibake", "cf_note", "1"), ("mojibake", "cf_note", "3"),
        ("text_encoded", "cf_note", "2"), ("text_encoded", "cf_note", "5"),
    ]  # fmt: skip
    values = [row["custom"] for row in lab.table("customers")]
    assert "R&D" in str(values[3])


@pytest.mark.parametrize("words", [("None",) * 4, ("N/A", "n/a", None, "-"), ("-", " – ", "None")])
def test_a_field_that_holds_nothing_but_words_for_nothing_is_a_doubt(lab, words):
    found = field(lab, *words)
    assert found == [("word_kept", "cf_note", str(n)) for n, word in enumerate(words, 1) if word]


@pytest.mark.parametrize("words", [("None", "N/A", "-", "blue"), ("-", "-"), ("12", "0", "none of it")])
def test_a_field_with_answers_is_none(lab, words):
    assert field(lab, *words) == []


def test_a_word_that_is_meant_in_a_field_is_no_doubt(lab):
    assert field(lab, *["None"] * 5, meant_words={"customers.cf_note": ["None"]}) == []


def test_what_is_decoded_is_tidied_again(lab):
    lab.empty("agents", "teams", "companies")
    lab.land("customers", customers("Ole&nbsp;Berg", "&nbsp;Ann&#8203;a&nbsp;", "Eil&shy;ig"))
    lab.clean("customers")
    assert [row["name"] for row in lab.table("customers")] == ["Ole Berg", "Anna", "Eilig"]
    row = {"customer_id": "1", "status": "Open", "created_at": "2024-01-01 10:00"}
    subjects = ["&nbsp;", "&#160; &#8203;", "a&nbsp;b\x0bc\u2028d"]
    lab.land("tickets", [row | {"ticket_id": str(n), "subject": s, "tags": "Eil&shy;ig; VIP&nbsp;Kunde"}
                         for n, s in enumerate(subjects)])  # fmt: skip
    lab.clean("tickets")
    assert [row["subject"] for row in lab.table("tickets")] == [None, None, "a b c d"]
    assert {tuple(row["tags"]) for row in lab.table("tickets")} == {("Eilig", "VIP Kunde")}
    assert doubts(lab) == []


@pytest.mark.parametrize(
    "subject",
    ["K&uumlndigung", "Fish &ampmehr", "&copy 2024", "Don=27t know=2E", "Total =3D 40", "caf=E9 au lait", "Gr=FC=DFe"],
)
def test_a_line_that_is_half_encoded_is_a_doubt(lab, subject):
    lab.empty("companies", "agents")
    lab.land("customers", customers(subject))
    lab.clean("customers")
    assert [row[:4] for row in doubts(lab)] == [("text_encoded", "customers", "name", "1")]


@pytest.mark.parametrize(
    "subject",
    [
        "AT&T",
        "R&D",
        "a&copy=1",
        "Q&A",
        "width=20",
        "Taste=F5",
        "Tom & Amp",
        "color=FFAA00",
        "&regards",
    ],
)
def test_a_line_that_only_looks_so_is_none(lab, subject):
    lab.empty("companies", "agents")
    lab.land("customers", customers(subject))
    lab.clean("customers")
    assert doubts(lab) == []
