"""The attachments' files: small, real PNG, PDF, text and CSV files, byte for byte the same each time."""

import struct
import zlib

_COLOURS = ((38, 70, 83), (42, 157, 143), (233, 196, 106), (244, 162, 97), (231, 111, 81))


def attachment(name: str, index: int) -> bytes:
    """Return the content of the attachment of that name; the extension decides what kind of file it is."""
    extension = name.rsplit(".", 1)[-1].lower()
    makers = {"png": _png, "pdf": _pdf, "csv": _csv}
    return makers.get(extension, _text)(index)


def _png(index: int) -> bytes:
    """Draw a plain square; stored uncompressed, because compressed bytes differ between zlib versions."""
    side = 8 + index % 9
    line = b"\0" + bytes(_COLOURS[index % len(_COLOURS)]) * side
    pixels = line * side
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(pixels), len(pixels) ^ 0xFFFF) + pixels
    stored += struct.pack(">I", zlib.adler32(pixels))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", stored), (b"IEND", b""))
    )


def _pdf(index: int) -> bytes:
    drawing = f"BT /F1 18 Tf 60 760 Td (Document {index}) Tj ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
    )
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        count,
        table,
        count,
        len(out),
    )


def _csv(index: int) -> bytes:
    rows = "".join(f"NL-{10_000 + index * 7 + row},{row + 1},{(row + 1) * 4.5:.2f}\n" for row in range(3 + index % 4))
    return b"order,quantity,amount\n" + rows.encode()


def _text(index: int) -> bytes:
    lines = (f"2025-0{1 + index % 9}-1{row} 09:{10 + row}:00 export step {row + 1} ok" for row in range(5))
    return ("\n".join(lines) + f"\n2025-0{1 + index % 9}-15 09:15:00 ERROR job {index} stopped\n").encode()
