"""The contracts of the target tables: what every row that may be written to Intercom must look like.

A row that breaks one is a fault of the shaping or of the mapping, never of the customer's data. Uniqueness over a
whole table and references between tables are not here; the checks of the target stage ask the warehouse.
"""

from typing import Any

import pandera.polars as pa
import polars as pl

FIRST_SECOND = -62_135_596_800
"""The year 1 in unix seconds: nothing is older, whatever the extract says."""
LAST_SECOND = 4_102_444_800
"""The year 2100 in unix seconds: a later one is a unit mistaken (milliseconds)."""

_TEXTS = {"inner": pl.String}


def _moment(description: str, *, nullable: bool = False) -> Any:  # noqa: ANN401 - what pandera fields are
    return pa.Field(ge=FIRST_SECOND, le=LAST_SECOND, nullable=nullable, description=description)


def _text(description: str, *, nullable: bool = False) -> Any:  # noqa: ANN401 - what pandera fields are
    return pa.Field(str_length={"min_value": 1}, nullable=nullable, description=description)


def _count(description: str) -> Any:  # noqa: ANN401 - what pandera fields are
    return pa.Field(ge=0, description=description)


class TargetRow(pa.DataFrameModel):
    """What every target table has."""

    source_key: str = pa.Field(str_length={"min_value": 1}, unique=True, description="The row's key, unique.")
    payload: str = pa.Field(str_matches=r"^\{.*\}$", description="Exactly what would be written, as JSON.")
    fingerprint: str = pa.Field(str_matches=r"^[0-9a-f]{64}$", description="SHA-256 of the payload's text.")

    class Config:
        """An unknown column is a mistake."""

        strict = True


class AttributesContract(TargetRow):
    """An Intercom attribute that some payload may use."""

    model: str = pa.Field(isin=["contact", "company", "ticket"], description="What has the attribute.")
    name: str = pa.Field(str_matches=r"^[A-Za-z0-9][A-Za-z0-9 -]{0,189}$", description="Its name in Intercom.")
    data_type: str = pa.Field(
        isin=["string", "integer", "float", "boolean", "date", "options", "list", "decimal", "datetime"],
        description="Its type in Intercom.",
    )
    options: pl.List = pa.Field(dtype_kwargs=_TEXTS, description="The options of a list, else none.")
    description: str = _text("What it holds.")


class ContactsContract(TargetRow):
    """A person as Intercom should hold them."""

    external_id: str = _text("The id under which the contact is written and found again.")
    # Unique too, but pandera takes several nulls for duplicates: the check keys_are_unique counts e-mails.
    email: str = pa.Field(str_matches=r"^[^@\s]+@[^@\s]+$", nullable=True, description="Bare, lower case, unique.")
    phone: str = pa.Field(str_matches=r"^\+\d{4,15}$", nullable=True, description="In E.164.")
    name: str = _text("The person's name.", nullable=True)
    signed_up_at: int = _moment("When the person first appeared, in unix seconds.", nullable=True)
    last_seen_at: int = _moment("When the person was last seen, in unix seconds.", nullable=True)
    custom_attributes: str = pa.Field(str_matches=r"^\{.*\}$", description="Attribute name -> value, as JSON.")
    placeholder: bool = pa.Field(description="Whether it stands in for somebody who is not in the extract.")
    withheld: bool = pa.Field(description="Whether that is because the row is in quarantine; it then waits.")


class CompaniesContract(TargetRow):
    """A company as Intercom should hold it."""

    company_id: str = _text("The id under which the company is written and found again.")
    name: str = _text("The company's name.")
    website: str = _text("The company's domain.", nullable=True)
    remote_created_at: int = _moment("When it was created in ITCO, in unix seconds.", nullable=True)
    size: int = pa.Field(nullable=True, description="The number of employees.")
    industry: str = _text("The industry, in words.", nullable=True)
    plan: str = _text("The plan it has bought.", nullable=True)
    custom_attributes: str = pa.Field(str_matches=r"^\{.*\}$", description="Attribute name -> value, as JSON.")


class ContactCompaniesContract(TargetRow):
    """A contact that belongs to a company."""

    contact_key: str = _text("The contact's key.")
    company_key: str = _text("The company's key.")


class AdminsContract(TargetRow):
    """A person whom Intercom must have as an admin."""

    name: str = _text("The agent's name.")
    email: str = _text("The e-mail that finds the admin.", nullable=True)
    active: bool = pa.Field(description="Whether the agent still works there.")
    tickets: int = _count("Conversations that need the agent.")
    known: bool = pa.Field(description="Whether the agent is listed in the extract.")


class TeamsContract(TargetRow):
    """A team that Intercom must have."""

    name: str = _text("The name that finds the team.")
    path: str = _text("The name with those of the teams above it.")
    tickets: int = _count("Conversations that need the team.")
    known: bool = pa.Field(description="Whether the team is listed in the extract.")


class TagsContract(TargetRow):
    """A tag."""

    name: str = _text("The tag as it is written.")


class ConversationsContract(TargetRow):
    """A ticket, or a further piece of a long one, as Intercom should hold it."""

    ticket_id: str = _text("ITCO's id of the ticket.")
    part_of: int = pa.Field(ge=1, description="Which piece of the ticket this is, from 1.")
    title: str = _text("The subject line.")
    description: str = _text("The opening message as plain text, or how the ticket came about.")
    said: str = _text("The same without what it says about files, where it does.", nullable=True)
    contact_key: str = _text("The key of the contact who asked.")
    company_key: str = _text("The key of the company.", nullable=True)
    created_at: int = _moment("When it was opened, in unix seconds.")
    closed_at: int = _moment("When it was closed, in unix seconds.", nullable=True)
    state: str = pa.Field(isin=["open", "snoozed", "closed"], description="Intercom's conversation state.")
    ticket_state: str = _text("The internal label of the ticket state.")
    snoozed_until: int = _moment("When a snoozed one wakes up, in unix seconds.", nullable=True)
    priority: str = pa.Field(isin=["urgent", "high", "medium", "low"], nullable=True, description="Its priority.")
    agent_id: str = _text("The key of the admin it is assigned to.", nullable=True)
    team_id: str = _text("The key of the team it is assigned to.", nullable=True)
    tags: pl.List = pa.Field(dtype_kwargs=_TEXTS, description="The names of its tags.")
    attributes: str = pa.Field(str_matches=r'^\{.*"ITCO id":.*\}$', description="Attribute name -> value, as JSON.")
    part_count: int = pa.Field(ge=0, le=500, description="How many parts it has.")
    merged_into: str = _text("The ITCO ticket that it was merged into.", nullable=True)
    needs_agents: pl.List = pa.Field(dtype_kwargs=_TEXTS, description="The keys of all admins it cannot do without.")
    needs_team: str = _text("The key of the team it cannot do without.", nullable=True)


class AttachmentsContract(TargetRow):
    """An attachment whose file is loaded."""

    position: int = pa.Field(ge=1, description="Its row among ITCO's attachments: the order inside a message.")
    ticket_id: str = _text("ITCO's id of the ticket.")
    message_id: str = _text("ITCO's id of the message it came with; none: it is the ticket's own.", nullable=True)
    path: str = pa.Field(str_matches=r"^attachments/", description="The file's path, relative to the extract.")
    name: str = pa.Field(
        str_matches=r"^[^/\\\x00-\x1f]{1,120}$", description="The name that people see: ITCO's, safe to show."
    )
    content_type: str = pa.Field(str_matches=r"^[^/\s]+/[^/\s]+$", description="ITCO's, or what the name suggests.")
    size: int = pa.Field(ge=1, description="The file's size in bytes.")
    sha256: str = pa.Field(str_matches=r"^[0-9a-f]{64}$", description="SHA-256 of the file.")
    mark: str = pa.Field(
        str_matches=r"^[0-9a-f]{16}$",
        description="Stands for attachment and content in the fingerprint of the part that carries the file.",
    )
    call: int = pa.Field(ge=1, description="Which of the calls for its message carries it: ten files at most in each.")


class PartsContract(TargetRow):
    """A message, note or event of a conversation.

    The payload is what the part says. Its files, and the words that name them, are no part of it: a file may come
    later than the message, or be replaced.
    """

    conversation_key: str = _text("The conversation's key.")
    seq: int = pa.Field(ge=1, description="The order of writing inside the conversation, from 1.")
    author_kind: str = pa.Field(isin=["contact", "admin"], description="Who writes it.")
    author_key: str = _text("The contact's or admin's key; none is the migration admin.", nullable=True)
    kind: str = pa.Field(isin=["comment", "note"], description="comment: the customer sees it; note: never.")
    body: str = pa.Field(
        str_matches=r"^<(p|ul|ol|blockquote|pre|h1|h2|table)\b", description="HTML, all in block elements, never empty."
    )
    created_at: int = _moment("When it was written, in unix seconds.")
    original_created_at: int = _moment("The same before parts that could not be told apart were moved.")
    generated: bool = pa.Field(description="Whether the migration wrote it.")
    attachments: pl.List = pa.Field(dtype_kwargs=_TEXTS, description="The keys of the attachments it is to carry.")
    files_of: str = _text("Set on a note that only carries files: the message or ticket they are of.", nullable=True)

    @pa.dataframe_check
    def written_by_somebody_who_may(cls, data: pa.PolarsData) -> pl.LazyFrame:  # type: ignore[misc]  # pandera hides it
        """Notes are by admins, and a contact's part has its author."""
        contact = pl.col("author_kind") == "contact"
        return data.lazyframe.select(~contact | ((pl.col("kind") == "comment") & pl.col("author_key").is_not_null()))


CONTRACTS: dict[str, type[TargetRow]] = {
    "attributes": AttributesContract,
    "contacts": ContactsContract,
    "companies": CompaniesContract,
    "contact_companies": ContactCompaniesContract,
    "admins": AdminsContract,
    "teams": TeamsContract,
    "tags": TagsContract,
    "conversations": ConversationsContract,
    "attachments": AttachmentsContract,
    "parts": PartsContract,
}
"""The contract of every target table by its name."""
