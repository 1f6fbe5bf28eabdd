"""Companies and customers: each one follows from its index alone, so that no list of them is ever held."""

from functools import lru_cache
from typing import NamedTuple

from sample_data.chance import chance, pick
from sample_data.moments import DAY, LAST, START, iso
from sample_data.names import COMPANIES, GENERIC_COMPANY, INDUSTRIES, LANGUAGE_SHARES, NAMES, PHONES, PLANS

FIRST_ID = 101
"""Companies, customers and agents are all numbered from here: ids are unique in a file, not across files."""
NO_COMPANY_EVERY = 10
_COMPANY, _CUSTOMER = 1, 2


class SamplePerson(NamedTuple):
    """What a thread needs to know about a customer."""

    customer_id: str
    first: str
    name: str
    email: str
    language: str
    company_id: str
    company: str


def customer_count(tickets: int) -> int:
    """Return how many customers an extract of that many tickets has."""
    return max(1, tickets * 3 // 8)


def company_count(tickets: int) -> int:
    """Return how many companies an extract of that many tickets has."""
    return max(1, tickets * 3 // 40)


def company_identity(index: int) -> tuple[str, str, str, str]:
    """Return name, domain, industry and language of a company."""
    if index < len(COMPANIES):
        return COMPANIES[index]
    words, kinds = GENERIC_COMPANY
    name = f"{words[index % len(words)]} {kinds[index // len(words) % len(kinds)]} {index}"
    language = LANGUAGE_SHARES[index % len(LANGUAGE_SHARES)]
    return name, name.lower().replace(" ", "-") + ".example", INDUSTRIES[index % len(INDUSTRIES)], language


def company_row(seed: int, index: int) -> list[str]:
    """Return one row of companies.csv, in the order of its columns."""
    rng = chance(seed, _COMPANY, index)
    name, domain, industry, _ = company_identity(index)
    created = START - int(rng.random() * 900 + 1) * DAY + int(rng.random() * DAY)
    updated = START + int(rng.random() * (LAST - START))
    size = pick(rng, (4, 12, 35, 80, 140, 260, 600, 1500))
    contract_end = iso(LAST + int(rng.random() * 700 + 30) * DAY)[:10]
    seats = str(max(1, size // 3)) if rng.random() < 0.8 else ""
    row = [str(FIRST_ID + index), name, domain, industry, str(size), pick(rng, PLANS), iso(created), iso(updated)]
    return [*row, contract_end if rng.random() < 0.7 else "", seats]


@lru_cache(maxsize=20_000)
def person(index: int, companies: int) -> SamplePerson:
    """Return who the customer with that index is, in an extract with that many companies."""
    belongs = (index + index // companies) % NO_COMPANY_EVERY != NO_COMPANY_EVERY - 1
    place = index % companies
    company, domain, _, language = company_identity(place)
    firsts, lasts = NAMES[language]
    spread = index * 2_654_435_761 >> 7
    first, first_ascii = firsts[spread % len(firsts)]
    last, last_ascii = lasts[spread // len(firsts) % len(lasts)]
    name = f"{last} {first}" if language == "ja" else f"{first} {last}"
    mailbox = f"{first_ascii}.{last_ascii}".lower()
    if index >= companies:
        mailbox += str(index // companies + 1)
    if not belongs:
        domain, mailbox = "post.example", f"{first_ascii}.{last_ascii}.{index}".lower()
    company_id = str(FIRST_ID + place) if belongs else ""
    return SamplePerson(str(FIRST_ID + index), first, name, f"{mailbox}@{domain}", language, company_id, company)


def customer_row(seed: int, index: int, companies: int) -> list[str]:
    """Return one row of customers.csv, in the order of its columns."""
    rng = chance(seed, _CUSTOMER, index)
    who = person(index, companies)
    created = START - int(rng.random() * 800 + 1) * DAY + int(rng.random() * DAY)
    seen = LAST - int(rng.random() * 500 * DAY)
    external = f"00{48_210 + index * 7}" if index % 5 < 3 else ""
    prefix, digits = PHONES[who.language]
    phone = f"{prefix}{int(rng.random() * 10**digits):0{digits}d}" if rng.random() < 0.45 else ""
    vip = ("true" if rng.random() < 0.15 else "false") if rng.random() < 0.8 else ""
    language = who.language if who.language in ("en", "de", "fr", "es", "pt") else "other"
    return [
        who.customer_id,
        external,
        who.name,
        who.email,
        phone,
        who.company_id,
        iso(created),
        iso(seen),
        iso(min(LAST, seen + int(rng.random() * DAY))),
        vip,
        language if rng.random() < 0.85 else "",
    ]
