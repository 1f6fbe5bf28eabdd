"""Files that are not UTF-8 and were read as Windows-1252: rows whose letters show that it was another encoding.

Most letters of Western Europe are the same in the encodings of its neighbours. What tells them apart are letters where
no language that writes Windows-1252 has them: a sign within a word (Go³¹b), an ñ before no vowel (Gdañsk), a ð. Found
in sets, over landed rows. Icelandic and Estonian look so too; a person who names the encoding settles that.
"""

import duckdb

from migration_assets.accounting import doubts
from migration_assets.itco.store import quoted
from schemas.doubt_codes import DoubtCode
from schemas.source_objects import SourceObject

_SIGN = "³¹¿±¶¼¾¥£ºª"
_WORD_ENDS = r"(?:[^\p{L}]|$)"
UNUSUAL = "|".join(
    (
        r"\p{L}[ðþýÐÞÝ]|[ðþýÐÞÝ]\p{L}",  # Turkish, Baltic, Czech: Doðan, Þahin, Yýlmaz
        rf"\p{{L}}[{_SIGN}]+\p{{Ll}}",  # Polish, Romanian: Go³¹b, Bucureºti
        rf"\p{{L}}{{3}}[³±¹]{_WORD_ENDS}.*[³±]",  # Micha³, and not one lone footnote
        rf"\p{{Lu}}\p{{Ll}}{{2,}}[³±]{_WORD_ENDS}",  # Pawe³
        r"(?:^|[^\p{L}\d])[£¥¯¦¬]\p{Ll}{2}",  # £ukasz, ¯aneta
        r"\p{Ll}Ÿ|[aeiouy]œ|œ[wlmkprjg]",  # Wiœniewski, Grudzieñ Ÿle
        rf"ñ(?:[^aeiouáéíóúüAEIOU\p{{Z}}\P{{L}}]|{_WORD_ENDS})",  # Gdañsk, Poznañ
        rf"[aeiouy]æ{_WORD_ENDS}",  # pisaæ
        r"è[aeiouyáéíóúý]|[ìù]\p{Ll}",  # Kuèera, Nìmcová, Kùrka
        r"[øØ]\p{L}*[áíúèìù]|[áíúèìù]\p{L}*[øØ]|è\p{L}*[áíúøì]|[áíúøì]\p{L}*è",  # Dvoøák, Jiøí, Kováè
        rf"õ(?:[a-df-zà-ÿ]|{_WORD_ENDS})|ã[a-df-np-rt-zà-ÿ]",  # Erdõs, Gãină
    )
)
"""Letters that no language of Windows-1252 writes so, for DuckDB."""


def doubt_assumed_encoding(connection: duckdb.DuckDBPyConnection, item: SourceObject) -> None:
    """Record the rows of files that were read as Windows-1252 for want of better, whose letters do not fit it."""
    files = "SELECT file FROM raw.findings WHERE object = ? AND code = 'encoding_assumed'"
    if not connection.execute(files, [item.name]).fetchall():
        return
    columns = ", ".join(quoted(column.name) for column in item.columns)
    table = f"raw.{quoted(item.name)}"
    query = f"""
        SELECT _file AS file, _line AS line, regexp_extract(row_text, '[^ ]*(?:' || ? || ')[^ ]*') AS found
        FROM (
            SELECT _file, _line, concat_ws(' ', {columns}) AS row_text FROM {table}
            WHERE _file IN ({files})
        )
        WHERE regexp_matches(row_text, '[^\\x00-\\x7F]') AND regexp_matches(row_text, ?)
    """
    doubts.record(
        connection, f"itco/{item.name}", item.name, DoubtCode.ENCODING_ASSUMED, query, [UNUSUAL, item.name, UNUSUAL]
    )
