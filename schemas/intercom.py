"""What Intercom answers (API 2.16): one pydantic model per object, tolerant where its answers are known to vary.

Fields that are not named here are kept (`extra="allow"`). Ids are text everywhere, also where Intercom writes a
number; times are unix seconds; an assignee of 0 or "0" means nobody and is read as None.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field


def _text_id(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _assignee(value: object) -> object:
    return None if value in (0, "0", "", None) else _text_id(value)


def _items(*names: str) -> BeforeValidator:
    """Read a list that comes bare, as null, or wrapped in an object under one of `names`."""

    def unwrap(value: object) -> object:
        if isinstance(value, Mapping):
            value = next((value[name] for name in (*names, "data") if value.get(name) is not None), None)
        return [] if value is None else value

    return BeforeValidator(unwrap)


def _object(value: object) -> object:
    return {} if value is None else value


Id = Annotated[str, BeforeValidator(_text_id)]
Assignee = Annotated[str | None, BeforeValidator(_assignee)]
Unix = int | None
Attributes = Annotated[dict[str, Any], BeforeValidator(_object)]


class Answer(BaseModel):
    """What every model shares: unknown fields are kept, and nothing can be changed afterwards."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True, protected_namespaces=())


class App(Answer):
    """The workspace that a token belongs to."""

    id_code: str
    name: str | None = None
    region: str | None = None


class Me(Answer):
    """Who a token speaks for."""

    id: Id
    name: str | None = None
    email: str | None = None
    app: App | None = None


class Admin(Answer):
    """A teammate, who may be assigned to and may write."""

    id: Id
    name: str | None = None
    email: str | None = None
    team_ids: Annotated[list[Id], _items()] = Field(default_factory=list)


class Team(Answer):
    """A team, which may be assigned to."""

    id: Id
    name: str | None = None
    admin_ids: Annotated[list[Id], _items()] = Field(default_factory=list)


class TicketState(Answer):
    """A state of a ticket; `category` is submitted, in_progress, waiting_on_customer or resolved."""

    id: Id | None = None
    category: str | None = None
    internal_label: str | None = None
    archived: bool | None = None


def _state(value: object) -> object:
    # Older answers hold the category as a bare word.
    return {"category": value} if isinstance(value, str) else value


class AttributeOption(Answer):
    """One choice of a list attribute; writing a list value needs the id, not the label."""

    id: Id
    label: str | None = None
    archived: bool | None = None


class TicketTypeAttribute(Answer):
    """An attribute of a ticket type; `options` is empty unless `data_type` is list."""

    id: Id
    name: str
    data_type: str | None = None
    archived: bool | None = None
    input_options: Any = None
    list_options: Any = None

    @property
    def options(self) -> list[AttributeOption]:
        """The choices, from whichever of the two undocumented places holds them."""
        nested = self.input_options
        if isinstance(nested, Mapping):
            nested = next((nested[key] for key in ("list_options", "options") if nested.get(key)), None)
        found = self.list_options or nested or []
        return [AttributeOption.model_validate(option) for option in found]


class TicketType(Answer):
    """A ticket type with its attributes; `category` is Customer, Back-office or Tracker."""

    id: Id
    name: str | None = None
    category: str | None = None
    archived: bool | None = None
    attributes: Annotated[list[TicketTypeAttribute], _items("ticket_type_attributes")] = Field(
        default_factory=list, validation_alias=AliasChoices("ticket_type_attributes", "attributes")
    )


def _option_values(value: object) -> object:
    if not isinstance(value, list):
        return [] if value is None else value
    return [option["value"] if isinstance(option, Mapping) else option for option in value]


class DataAttribute(Answer):
    """A contact or company attribute; an options attribute reads back as a string with `options`."""

    id: Id | None = None
    model: str | None = None
    name: str
    data_type: str | None = None
    options: Annotated[list[str], BeforeValidator(_option_values)] = Field(default_factory=list)
    custom: bool | None = None
    archived: bool | None = None


class Reference(Answer):
    """A record that another one points at."""

    id: Id
    external_id: str | None = None


class Contact(Answer):
    """A customer's person."""

    id: Id
    external_id: str | None = None
    role: str | None = None
    email: str | None = None
    phone: str | None = None
    name: str | None = None
    created_at: Unix = None
    signed_up_at: Unix = None
    last_seen_at: Unix = None
    archived: bool | None = None
    custom_attributes: Attributes = Field(default_factory=dict)
    companies: Annotated[list[Reference], _items("companies")] = Field(default_factory=list)
    """At most ten of them; Intercom gives no more here."""


class Company(Answer):
    """A customer's organisation; `company_id` is ours, `id` is Intercom's."""

    id: Id
    company_id: str | None = None
    name: str | None = None
    website: str | None = None
    industry: str | None = None
    size: int | None = None
    plan: Any = None
    remote_created_at: Unix = None
    created_at: Unix = None
    custom_attributes: Attributes = Field(default_factory=dict)


class Tag(Answer):
    """A tag."""

    id: Id
    name: str | None = None


class Author(Answer):
    """Who wrote a part; `type` is user, lead, contact, admin, team or bot."""

    id: Id | None = None
    type: str | None = None
    name: str | None = None
    email: str | None = None


class ConversationPart(Answer):
    """One message, note or event of a conversation or ticket."""

    id: Id
    part_type: str | None = None
    body: str | None = None
    created_at: Unix = None
    updated_at: Unix = None
    author: Author | None = None
    attachments: Annotated[list[Any], _items("attachments")] = Field(default_factory=list)
    redacted: bool | None = None


def _total(value: object) -> int | None:
    total = value.get("total_count") if isinstance(value, Mapping) else None
    return total if isinstance(total, int) else None


class Conversation(Answer):
    """A conversation; at most its 500 newest parts are given."""

    id: Id
    title: str | None = None
    created_at: Unix = None
    updated_at: Unix = None
    snoozed_until: Unix = None
    open: bool | None = None
    state: str | None = None
    read: bool | None = None
    priority: str | None = None
    admin_assignee_id: Assignee = None
    team_assignee_id: Assignee = None
    source: dict[str, Any] | None = None
    company: dict[str, Any] | None = None
    ticket: dict[str, Any] | None = None
    contacts: Annotated[list[Reference], _items("contacts")] = Field(default_factory=list)
    tags: Annotated[list[Tag], _items("tags")] = Field(default_factory=list)
    custom_attributes: Attributes = Field(default_factory=dict)
    parts: Annotated[list[ConversationPart], _items("conversation_parts")] = Field(
        default_factory=list, validation_alias=AliasChoices("conversation_parts", "parts")
    )
    parts_total: Annotated[int | None, BeforeValidator(_total)] = Field(
        default=None, validation_alias="conversation_parts"
    )
    """How many parts there are, also those not given; the opening message is not counted."""


class Ticket(Answer):
    """A ticket; `id` is what calls need, `ticket_id` is the number shown in the Inbox."""

    id: Id
    ticket_id: Id | None = None
    category: str | None = None
    created_at: Unix = None
    updated_at: Unix = None
    snoozed_until: Unix = None
    open: bool | None = None
    admin_assignee_id: Assignee = None
    team_assignee_id: Assignee = None
    ticket_state: Annotated[TicketState | None, BeforeValidator(_state)] = None
    ticket_type: TicketType | None = None
    ticket_attributes: Attributes = Field(default_factory=dict)
    contacts: Annotated[list[Reference], _items("contacts")] = Field(default_factory=list)
    tags: Annotated[list[Tag], _items("tags")] = Field(default_factory=list)
    company_id: Id | None = None
    is_shared: bool | None = None
    parts: Annotated[list[ConversationPart], _items("ticket_parts")] = Field(
        default_factory=list, validation_alias=AliasChoices("ticket_parts", "parts")
    )
    parts_total: Annotated[int | None, BeforeValidator(_total)] = Field(default=None, validation_alias="ticket_parts")


class Message(Answer):
    """What creating a conversation answers: `conversation_id` is the id for every later call, `id` is not."""

    id: Id
    conversation_id: Id
    created_at: Unix = None
    body: str | None = None
