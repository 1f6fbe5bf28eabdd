"""Finding a text wherever it was left: in files, in the rows of databases, packed, and however it was written."""

import base64
import gzip
import html
import io
import json
import sqlite3
import zipfile
import zlib
from contextlib import closing
from hashlib import md5, sha1, sha256
from pathlib import Path
from urllib.parse import quote, quote_plus


def spellings(text):
    """Return {how it is written: the bytes to look for} of a text."""
    raw = text.encode()
    found = {
        "as it is": raw,
        "JSON": json.dumps(text)[1:-1].encode(),
        "JSON twice": json.dumps(json.dumps(text))[3:-3].encode(),
        "URL": quote(text, safe="").encode(),
        "form": quote_plus(text).encode(),
        "HTML": html.escape(text).encode(),
        "hex": raw.hex().encode(),
        "UTF-16": text.encode("utf-16-le"),
        "reversed": raw[::-1],
        **{kind.__name__.removeprefix("openssl_"): kind(raw).hexdigest().encode() for kind in (md5, sha1, sha256)},
    }
    for shift in range(3):
        # The letters at both ends depend on what stands beside them.
        coded = base64.b64encode(b"\0" * shift + raw)
        found[f"base64, {shift}"] = coded[4 if shift else 0 : -4]
    # What needs no escaping is written alike in most ways.
    return {how: needle for how, needle in found.items() if how == "as it is" or needle != raw}


def pieces(path):
    """Yield (where, bytes) of everything in a file: its bytes, what is packed in them, and the values of a database."""
    content = path.read_bytes()
    yield "", content
    if content.startswith(b"SQLite format 3\0"):
        yield from _values(path)
    yield from _unpacked(content)


def _values(path):
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        database.text_factory = bytes
        tables = [row[0].decode() for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for table in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    if isinstance(value, bytes):
                        yield table, value
                        yield from ((table, inner) for _, inner in _unpacked(value))


def _unpacked(content):
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from ((name, archive.read(name)) for name in archive.namelist())
    for unpack in (gzip.decompress, zlib.decompress):
        try:
            yield unpack.__module__, unpack(content)
        except (OSError, EOFError, zlib.error):
            continue


def traces(root, texts):
    """Return {(file, table): {(text, how it is written)}} for all files below `root`."""
    wanted = [(text, how, needle) for text in texts for how, needle in spellings(text).items()]
    found = {}
    for path in sorted(Path(root).rglob("*")):
        if not path.is_file():
            continue
        for where, content in pieces(path):
            here = {(text, how) for text, how, needle in wanted if needle in content}
            if here:
                found.setdefault((path.relative_to(root).as_posix(), where), set()).update(here)
    return found


def in_tables(connection, texts):
    """Return {schema.table: {(text, how it is written)}} of a DuckDB database, whatever the type of the column."""
    query = (
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = current_database() "
        "AND table_type = 'BASE TABLE'"
    )
    found = {}
    for schema, table in connection.execute(query).fetchall():
        rows = connection.execute(f'SELECT COLUMNS(*)::VARCHAR FROM "{schema}"."{table}"').fetchall()
        here = in_text("\n".join(str(value) for row in rows for value in row if value is not None), texts)
        if here:
            found[f"{schema}.{table}"] = here
    return found


def in_text(text, texts):
    """Return {(text, how it is written)} of what is in an output."""
    content = text.encode()
    return {(wanted, how) for wanted in texts for how, needle in spellings(wanted).items() if needle in content}
