"""A plain text that a program put between two tags keeps its lines; lines that a program filled do not stay apart."""

import pytest

from migration_assets.objects.conversation.shape.html import body_html, body_text
from migration_assets.objects.conversation.words import WordsCompared, compared

LINES = [
    "Hallo,\nich brauche\n- Stift\n- Papier",
    "Bestellung 1\nBestellung 2",
    "Lea Voss\nHauptstr. 4\n12345 Berlin",
    "Zeile eins ist lang und geht bis hierher weiter\n\nZweiter Absatz, ebenfalls lang genug dafür",
    "Guten Tag,\nanbei die Liste der Artikel, die bei der letzten Lieferung gefehlt haben:\nArtikel 1\nArtikel 2",
    "1. das erste, was wir brauchen, ist ein neuer Zugang\n2. das zweite, was wir brauchen, ist die alte Rechnung",
]
FILLED = (
    "Sehr geehrte Damen und Herren, hiermit möchte ich Ihnen mitteilen, dass\n"
    "die Lieferung der bestellten Ware leider noch nicht bei uns eingetroffen\n"
    "ist und wir daher um eine zeitnahe Rückmeldung bitten. Mit freundlichen\n"
    "Grüßen"
)


@pytest.mark.parametrize("lines", LINES)
@pytest.mark.parametrize(
    "around",
    ["<p>{}</p>", "<blockquote>{}</blockquote>", "<html><body>{}</body></html>", "<div dir=ltr>{}</div>"],
)
def test_lines_that_somebody_ended_stay(lines, around):
    body = around.format(lines)
    assert body_text(body) == lines
    assert lines.replace("\n", "<br>") in body_html(body)
    assert compared(body, body_html(body)) == WordsCompared([])


def test_a_link_among_them_changes_nothing():
    body = '<div>Hallo,\nsiehe <a href="https://x.example/">hier</a>\nDanke</div>'
    assert body_html(body) == '<p>Hallo,<br>siehe <a href="https://x.example/">hier</a><br>Danke</p>'


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<p>{FILLED}</p>", FILLED.replace("\n", " ")),
        (f"<html><body><div>{FILLED}</div></body></html>", FILLED.replace("\n", " ")),
        ("<div>\n    Hello Rosa,\n    thank you for your order\n</div>", "Hello Rosa, thank you for your order"),
        ("<p>a\nb</p>", "a b"),
        ("<p>Hello Rosa,</p><p>thank you for\nyour order</p>", "Hello Rosa,\n\nthank you for your order"),
        ("<p>Hallo,<br>das ist\nein Satz</p>", "Hallo,\ndas ist ein Satz"),
        ("<div>\n<p>Hallo</p>\n\n<p>Welt</p>\n</div>", "Hallo\n\nWelt"),
        ("<ul>\n<li>Eins\nzwei</li>\n</ul>", "* Eins zwei"),
    ],
)
def test_lines_that_a_program_filled_or_set_in_are_one(body, text):
    assert body_text(body) == text
