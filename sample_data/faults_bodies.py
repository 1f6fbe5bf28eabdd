"""Faults of texts: HTML that is dangerous or broken, empty and endless bodies, odd characters, notes by word only."""

from sample_data.fault import Becomes, SampleFault

_SCREENSHOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)
_LONG = "".join(f"2025-10-21 10:{n // 60:02d}:{n % 60:02d} worker {n % 8} label {n:04d} ok\n" for n in range(900))
_CHAIN = (
    "Das hat funktioniert, danke!\n\nAm 20.10.2025 schrieb Julia Brandt:\n> Bitte einmal ab- und wieder anmelden.\n"
    "> \n> Am 19.10.2025 schrieb Sabine Petersen:\n>> Es geht leider noch immer nicht.\n>> \n"
    ">> Am 18.10.2025 schrieb Julia Brandt:\n>>> Könnten Sie es jetzt noch einmal versuchen?\n"
)


def _body(kind: str, key: str, becomes: Becomes, detail: str, body: str, find: str = "") -> SampleFault:
    return SampleFault(kind, "messages", "messages.csv", key, becomes, detail, "", {"body": body}, find=find)


BODY_FAULTS: tuple[SampleFault, ...] = (
    _body("javascript: link", "100239004", "normalised", "The link is taken out, its text stays.",
          '<p>The log is here: <a href="javascript:alert(1)">open the log</a></p>', "javascript:alert(1)"),
    _body("<script> in a body", "100272005", "normalised", "Taken out with its content.",
          "<p>Sí, es correcto.</p><script>steal(document.cookie)</script>", "<script>steal"),
    _body("<style> block", "100240004", "normalised", "Taken out with its content.",
          "<style>p.MsoNormal {margin:0cm; font-size:11.0pt}</style><p class=MsoNormal>Ja, mit dem Format „CSV für "
          "Excel“ klappt es.</p>", "<style>p.MsoNormal"),
    _body("Outlook's own tags", "100243005", "normalised", "The tags go, the text stays.",
          '<p class="MsoNormal">En effet, la boîte était pleine.<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p>'
          "</p>", "<o:p>&nbsp;</o:p>"),
    _body("tracking pixel", "100250003", "normalised", "The invisible image is taken out.",
          '<p>Adjunto el escrito firmado por gerencia.</p><img src="https://track.mailer.example/o.gif?u=8841" '
          'width="1" height="1">', "https://track.mailer.example/o.gif"),
    _body("unclosed tags", "100246001", "normalised", "The tags are closed.",
          "<div><p>As etiquetas saem com <b>acentos errados<p>Só acontece com a <i>impressora nova", "<b>acentos"),
    _body("image inside the text (data URI)", "100247001", "normalised", "The image is taken out of the text.",
          f'<p>Seit heute früh geht die Anmeldung nicht mehr:</p><img src="{_SCREENSHOT}">', "data:image/png;base64"),
    _body("image by cid:", "100249006", "normalised", "The reference leads nowhere outside the mail.",
          '<p>¡Apareció! Foto del paquete:</p><img src="cid:image001.png@01DB0A7C.5D3E9F10">', "cid:image001.png"),
    _body("plain text with < and >", "100251004", "normalised", "Read as text, not as HTML.",
          "Помилка: очікувалось <orderId>, отримано <id>; a < b && c > d", "<orderId>"),
    _body("line ends as \\n", "100252004", "normalised", "Written as line breaks.",
          "Hola,\\n\\nadjunto el escrito firmado.\\nUn saludo", "Hola,\\n\\nadjunto"),
    _body("entities escaped twice", "100253003", "normalised", "Resolved once; what is left is the text.",
          "<p>Mudei &amp;amp; ficou resolvido &amp;ndash; obrigada!</p>", "&amp;amp;"),
    _body("text decoded wrongly before the export", "100273004", "loaded", "Stays as it is: nothing is guessed.",
          "SÃ­, es B-12345674, a nombre de GestorÃ­a MuÃ±oz.", "GestorÃ­a"),
    _body("empty body, only an attachment", "100255005", "normalised", "The body names the attachment.", "",
          ",,2025-09-"),
    _body("empty body, nothing at all", "100257003", "normalised", "The body says that the message was empty.", "",
          ",,2025-09-"),
    _body("emoji made of several characters", "100258003", "loaded", "Every code point stays.",
          "merci, la règle fonctionne très bien 👩🏽‍💻🏳️‍🌈 🧾", "👩🏽‍💻"),
    _body("direction marks", "100260006", "loaded", "The text stays; the marks change nothing in the order.",
          "Die Datei heißt \u202e\u2066vsc.tropxe\u2069\u202c und öffnet sich nun richtig.", "\u202e"),
    _body("zero-width characters", "100262001", "loaded", "The text stays readable.",
          "Bonjour,\n\npeut-on ajouter un second trans\u200bporteur pour la Corse\ufeff ?", "trans\u200bporteur"),
    _body("spreadsheet formula as a text", "100264006", "loaded",
          "A text for Intercom; our own CSV files write it so that no spreadsheet runs it.",
          "=cmd|' /C calc'!A0", "=cmd|"),
    _body("internal note marked by a word only", "100265002", "note", "INTERN: is in the mapping's private_marks.",
          "INTERN: Kundin ist sehr verärgert, bitte nur nach Rücksprache mit Petra antworten.", "INTERN: Kundin"),
    SampleFault("message without a kind", "messages", "messages.csv", "100267004", "note",
          "What is not certain to be public becomes a note.", "", {"kind": ""}, find="100267004,100267,,agent"),
    _body("long chain of quoted replies", "100269006", "loaded", "The chain stays, as quotes.", _CHAIN, ">>> Könnten"),
    _body("very long body", "100270005", "loaded", "Longer than a spreadsheet cell can be.", _LONG,
          "worker 7 label 0023"),
    SampleFault("thread of more than 500 messages", "messages", "messages.csv", "100310002", "split",
          "Intercom allows 500 parts; the rest goes on in a continuation.",
          find="We have received your message no. 1 "),
    SampleFault("composed characters (NFD) in a name", "customers", "customers.csv", "193", "normalised",
          "Written with single characters (NFC).", "", {"name": "He\u0301le\u0300ne Perrin"}),
    SampleFault("zero-width space in a name", "customers", "customers.csv", "201", "normalised", "Taken out.", "",
          {"name": "Zoé\u200b Chevalier"}),
    SampleFault("formula as a name", "customers", "customers.csv", "196", "loaded",
          "A text; our own CSV files write it so that no spreadsheet runs it.", "",
          {"name": '=HYPERLINK("https://evil.example","Click")'}, find="=HYPERLINK("),
    SampleFault("subject in capitals with a formula sign", "tickets", "tickets.csv", "100313", "loaded",
          "A text.", "", {"subject": "+++ API DOWN +++ =SUM(A1)"}),
    SampleFault("names in the copy line", "messages", "messages.csv", "100276005", "normalised",
          "Only the addresses are kept.", "",
          {"cc": '"Weiß, Björn" <bjoern.weiss4@verlag-morgenstern.example>; Einkauf <einkauf@post.example>'},
          find="Einkauf <einkauf@post.example>"),
)  # fmt: skip
