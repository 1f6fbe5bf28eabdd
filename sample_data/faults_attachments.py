"""Faults of attachments: rows and files that do not fit together."""

from sample_data.fault import Becomes, SampleFault
from sample_data.files import attachment

_MISSING = "Its message says that the file is missing from the export; the report counts it."
_TEN = "Intercom takes ten per reply: the rest go in a further note."
PHOTOS = 12
"""More than the ten attachments that a message may have in Intercom."""
_TYPES = {"pdf": "application/pdf", "png": "image/png", "txt": "text/plain", "dat": "application/ms-tnef"}

_FILES: tuple[tuple[str, str], ...] = (
    ("attachments/100365/invoice.pdf", "invoice.pdf"),
    ("attachments/100366/invoice.pdf", "invoice.pdf"),
    ("attachments/100368/bill_ march_.pdf", "bill.pdf"),
    ("attachments/100368/foto.png", "foto.png"),
    ("attachments/100369/Re\u0301sume\u0301.pdf", "resume.pdf"),
    ("attachments/100376/winmail.dat", "winmail.dat"),
    ("attachments/tickets/100379/offer.pdf", "offer.pdf"),
    ("attachments/unlisted/notes-from-call.txt", "notes.txt"),
    ("attachments/100255/etiqueta.png", "etiqueta.png"),
    *((f"attachments/100373/photo-{number:02d}.png", "photo.png") for number in range(1, PHOTOS + 1)),
)
EMPTY_FILE = "attachments/100369/empty.txt"
CUT_FILE = "attachments/100377/half.pdf"

FILES: dict[str, bytes] = {path: attachment(name, 500 + place) for place, (path, name) in enumerate(_FILES)}
"""The planted files: path in the extract -> content."""
FILES[EMPTY_FILE] = b""
FILES[CUT_FILE] = attachment("half.pdf", 777)[:200]


def _row(number: int, ticket: str, message: str, name: str, size: int | None) -> dict[str, str]:
    kind = _TYPES.get(name.strip().rsplit(".", 1)[-1].lower(), "application/octet-stream")
    return {
        "attachment_id": str(number),
        "ticket_id": ticket,
        "message_id": message,
        "file_name": name,
        "content_type": kind,
        "size_bytes": "" if size is None else str(size),
    }


def _attached(
    kind: str, becomes: Becomes, detail: str, row: dict[str, str], find: str = "", rule: str = ""
) -> SampleFault:
    key = row["attachment_id"]
    return SampleFault(
        kind, "attachments", "attachments.csv", key, becomes, detail, rule, row, add=True, find=find or key
    )


def _size(path: str) -> int:
    return len(FILES[path])


_PAIR = "Matched by the folder, which names the ticket."

ATTACHMENT_FAULTS: tuple[SampleFault, ...] = (
    _attached("same file name twice", "loaded", _PAIR,
              _row(200001, "100365", "100365001", "invoice.pdf", _size("attachments/100365/invoice.pdf"))),
    _attached("same file name twice (the other)", "loaded", _PAIR,
              _row(200002, "100366", "100366001", "invoice.pdf", _size("attachments/100366/invoice.pdf"))),
    _attached("name that Windows had to change", "loaded", "Characters that Windows forbids do not count.",
              _row(200003, "100368", "100368001", "bill: march?.pdf", None), "bill: march?.pdf"),
    _attached("name in other case", "loaded", "Case does not count.",
              _row(200004, "100368", "100368001", "Foto.PNG", None), "Foto.PNG"),
    _attached("name in another Unicode form", "loaded", "Compared in one form (NFC).",
              _row(200005, "100369", "100369001", "Résumé.pdf", None), "Résumé.pdf"),
    _attached("file of zero bytes", "skipped", "There is nothing to load; its message says so.",
              _row(200006, "100369", "100369001", "empty.txt", 0), "empty.txt"),
    _attached("file that is missing", "skipped", _MISSING, _row(200007, "100370", "100370001", "lost.pdf", 48211),
              "lost.pdf"),
    SampleFault("file that no row lists", "attachments", "attachments/unlisted/notes-from-call.txt", "", "skipped",
          "Never loaded; the report counts such files."),
    *(
        _attached("more than ten attachments on one message", "loaded", _TEN,
                  _row(200010 + number, "100373", "100373001", f"photo-{number:02d}.png",
                       _size(f"attachments/100373/photo-{number:02d}.png")), f"photo-{number:02d}.png")
        for number in range(1, PHOTOS + 1)
    ),
    _attached("path in a file name", "skipped", "Nothing outside the folder is ever read; its message says so.",
              _row(200030, "100374", "100374001", "../../etc/passwd", None), "../../etc/passwd"),
    _attached("attachment of a ticket that does not exist", "quarantined", "Its ticket was deleted before the export.",
              _row(200031, "999998", "", "photo.png", None), "999998", "unknown_ticket"),
    _attached("winmail.dat", "loaded", "Outlook's own container, loaded as it is.",
              _row(200033, "100376", "100376001", "winmail.dat", _size("attachments/100376/winmail.dat")),
              "winmail.dat"),
    _attached("attachment of a message without text", "loaded", "See the message.",
              _row(200034, "100255", "100255005", "etiqueta.png", _size("attachments/100255/etiqueta.png")),
              "etiqueta.png"),
    _attached("file cut off while it was downloaded", "skipped", "Its size is not the row's; its message says so.",
              _row(200035, "100377", "100377001", "half.pdf", 1_048_576), "half.pdf"),
    _attached("name with a blank at its end", "loaded", "Blanks at the ends do not count.",
              _row(200036, "100379", "100379001", "offer.pdf ", None), "offer.pdf "),
)  # fmt: skip
