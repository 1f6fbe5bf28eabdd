"""The certificate's first page: the verdict in the customer's own units, and what is open with a line each."""

import hashlib
from dataclasses import dataclass

from migration_assets.accounting.certificate import Certificate, Migration, certificate_json
from migration_assets.accounting.nouns import noun
from resources.wording import cut, first_sentence, listed, number, without_examples

MAIN = ("tickets", "messages", "customers")
"""The source's objects that people ask for first."""
OPEN_SHOWN = 12
"""Reasons that the first page has room for; the others are counted, and all stand whole below."""
LINE, NAME = 100, 70
"""Characters of a reason and of a name on the first page, with which each is a line in print."""

WORDS = {
    "complete": "Complete: every row is in Intercom, or was merged, superseded or left out by a stated rule.",
    "partial": "Partial: all rows are accounted for, and what is listed below is still open.",
    "failed": "Failed: do not rely on the result before what is listed below is settled.",
}


@dataclass(frozen=True)
class FirstPage:
    """What the page says: whose migration it is, the verdict, how much was loaded of what, and what is open."""

    customer: str
    instance: str
    verdict: str
    headline: str
    beside: str
    open: list[str]
    beyond: int
    sha256: str


def first_page(certificate: Certificate) -> FirstPage:
    """Return the first page of a certificate."""
    source = {name: counts for name, counts in certificate.source.items() if counts.rows}
    shares = {name: f"{number(c.loaded)} of {number(c.rows)} {noun(name)}" for name, c in source.items()}
    # What is not for Intercom at all, by rule, is no share of it; the table of rows has it.
    rest = [share for name, share in shares.items() if name not in MAIN and source[name].loaded]
    lines = [open_line(reason) for reason in certificate.reasons]
    about = certificate.migration
    return FirstPage(
        customer=cut(_customer(about), NAME),
        instance=cut(about.source_instance, NAME),
        verdict=WORDS[certificate.verdict],
        headline=", ".join(shares[name] for name in MAIN if name in shares),
        beside=listed(rest),
        open=lines[:OPEN_SHOWN],
        beyond=max(0, len(lines) - OPEN_SHOWN),
        sha256=hashlib.sha256(certificate_json(certificate).encode()).hexdigest(),
    )


def _customer(about: Migration) -> str:
    """Return what the customer calls itself in Intercom; where that was not found out, what the source calls itself."""
    return about.source_instance if about.workspace.name == "unknown" else about.workspace.name


def open_line(reason: str) -> str:
    """Return what a reason says first, without its examples, in a line."""
    return cut(without_examples(first_sentence(reason)), LINE)
