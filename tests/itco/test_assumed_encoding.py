"""A file that is not UTF-8 and was read as Windows-1252: letters that show another encoding are a doubt."""

import duckdb
import pytest

from migration_assets.itco.assumed_encoding import UNUSUAL
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import DoubtState
from tests.itco.test_doubtful import weighed  # noqa: F401

POLISH = ("Michał Gołąb", "Paweł Wiśniewski", "Łukasz Żak", "Stanisława Gdańska", "Józef Sołtys")
CZECH = ("Jiří Dvořák", "Lenka Kučerová", "Věra Němcová", "Jan Kůrka", "Petr Kováč")
HUNGARIAN = ("Pál Erdős", "Gergő Tóth", "Ernő Kis", "Jenő Nagy", "Bendegúz Szőke")
TURKISH = ("Doğan Yılmaz", "Ayşe Güneş", "Şahin Kaya", "Işıl Demir", "Barış Yıldız")
BALTIC = ("Jānis Ozoliņš", "Ilze Šmite", "Žanis Bērziņš", "Aušra Žukaitė", "Rūta Šimkutė")
GERMAN = ("Jörg Weiß", "Änne Grün", "Günther Öhm", "Café Größe", "Anna Maria")
WESTERN = (
    "José Muñoz", "François Lefèvre", "João Gonçalves", "Søren Ærø", "Niccolò Pagliù – più", "Œuvre du cœur",
    "Håkan Sjöström", "Zoë Besançon", "5 m³ Erdgas, Art. 3¹", "¿Qué? ¡Sí!", "Ação e Irmãs põem", "«naïve» £20",
    "Träd i sjön", "Logroño, España", "Città e caffè", "l’été où j’ai reçu", "Año: 1ª y Nº 2", "Smørrebrød på træ",
)  # fmt: skip


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (POLISH, "cp1250"), (POLISH, "iso8859_2"), (CZECH, "cp1250"), (HUNGARIAN, "cp1250"), (TURKISH, "cp1254"),
        (TURKISH, "iso8859_9"), (BALTIC, "cp1257"),
    ],
)  # fmt: skip
def test_a_whole_file_in_another_encoding_stops_until_a_person_names_it(weighed, names, encoding):  # noqa: F811
    many = [f"{name} {number}" for number in range(4) for name in names]
    data = ("customer_id,name\n" + "".join(f"{n},{name}\n" for n, name in enumerate(many, 1))).encode(encoding)
    if any(byte in data for byte in b"\x81\x8d\x8f\x90\x9d"):
        data = data.translate(None, b"\x81\x8d\x8f\x90\x9d")  # with one of them the file is refused
    found = [one for one in weighed({"customers.csv": data}) if one.code == DoubtCode.ENCODING_ASSUMED]
    assert [one.state for one in found] == [DoubtState.STOPS]
    named = weighed({"customers.csv": data}, files={"customers.csv": {"encoding": encoding}})
    assert all(one.code != DoubtCode.ENCODING_ASSUMED for one in named)


def test_a_single_name_keeps_the_run_partial(weighed):  # noqa: F811
    rows = [*GERMAN * 3, "Michał Gołąb"]
    data = ("customer_id,name\n" + "".join(f"{n},{name}\n" for n, name in enumerate(rows, 1))).encode("cp1250")
    found = [one for one in weighed({"customers.csv": data}) if one.code == DoubtCode.ENCODING_ASSUMED]
    assert [(one.rows, one.state) for one in found] == [(1, DoubtState.OPEN)]


@pytest.mark.parametrize("name", [*GERMAN, *WESTERN])
def test_what_western_languages_write_is_not_unusual(name):
    assert duckdb.sql("SELECT regexp_matches(?, ?)", params=[name, UNUSUAL]).fetchall() == [(False,)]
    assert name.encode("cp1252")
