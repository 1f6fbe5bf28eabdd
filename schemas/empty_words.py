"""The words that programs and people write into a cell where there is nothing, and how cells are compared with them.

Where a value leads somewhere (a key, a reference, an address, a date, a choice) such a word is no value. In a name, a
subject or a text it may be meant, and is told to a person. What belongs elsewhere: taking it out (`clean.nothing`).
"""

_BY_PROGRAMS = (
    "null (null) <null> [null] {null} \\n nan (nan) <nan> nat <nat> <na> pd.na undefined <undefined> nil <nil> dbnull "
    "system.dbnull <none> loading... loading…"
)
_BY_PEOPLE = "none (none) n/a (n/a) n.a. n.a n/a. - k.a. k.a (empty) <empty> (blank) (leer) (vide)"

MACHINE = frozenset(_BY_PROGRAMS.split())
"""What only a program writes: in a text attribute of the customer's own, too, it is no value."""

WORDS = MACHINE | frozenset(_BY_PEOPLE.split()) | {""}
"""Every word that is no value by default, folded; the last is what is left of a cell of quotation marks.

`NA`, `unknown`, `leer`, `?` and the like are not among them, because each is a name, a country or a word somewhere:
`empty_words` in mapping.yaml adds what a customer means by nothing."""

DASHES = "-‐‑‒–—―−－"
"""A cell of nothing but these is a dash."""

QUOTES = "\"'`“”„‘’«»"
"""Quotation marks around a word do not make it another one."""


def fold_word(text: str) -> str:
    """Return `text` as it is compared with the words: lower case, without blanks and quotation marks."""
    folded = "".join(text.lower().split()).strip(QUOTES)
    return "-" if folded and not folded.strip(DASHES) else folded
