"""Intercom's endpoints that are used: method, path template, whether it only reads, what its answer must hold."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    """One endpoint.

    Attributes:
        method: the HTTP method.
        path: the path with its placeholders, spelled as in Intercom's OpenAPI description.
        required: the fields without which an answer does not prove that the call happened.
        read: whether it only reads; searches do, although they are POSTs.
        once: whether a read must not be repeated when its answer was lost, because Intercom has moved on.
        makes: the field of its answer that is the id of what it has made, by which other calls name it.
        names_contact: whether it names a contact, which Intercom may not know for a moment after making it.
        personal: whether its body holds a customer's values, which Intercom may repeat in its errors.
    """

    method: str
    path: str
    required: tuple[str, ...] = ("id",)
    read: bool = False
    once: bool = False
    makes: str | None = None
    names_contact: bool = False
    personal: bool = False

    @property
    def name(self) -> str:
        """Method and path template: what logs, counts and errors show."""
        return f"{self.method} {self.path}"


def _get(path: str, *required: str) -> Endpoint:
    return Endpoint("GET", path, required, read=True)


def _search(path: str, *required: str) -> Endpoint:
    return Endpoint("POST", path, required, read=True)


def _post(path: str, *required: str) -> Endpoint:
    return Endpoint("POST", path, required or ("id",))


def _put(path: str, *required: str) -> Endpoint:
    return Endpoint("PUT", path, required or ("id",))


def _delete(path: str, *required: str) -> Endpoint:
    return Endpoint("DELETE", path, required)


def _personal(
    method: str, path: str, *required: str, names_contact: bool = False, makes: str | None = None
) -> Endpoint:
    return Endpoint(method, path, required or ("id",), names_contact=names_contact, makes=makes, personal=True)


ME = _get("/me", "id")
ADMINS = _get("/admins", "admins")
TEAMS = _get("/teams", "teams")
TICKET_STATES = _get("/ticket_states", "data")
TICKET_TYPES = _get("/ticket_types", "data")
CREATE_TICKET_TYPE = _post("/ticket_types")
CREATE_TICKET_TYPE_ATTRIBUTE = _post("/ticket_types/{ticket_type_id}/attributes")
UPDATE_TICKET_TYPE = _put("/ticket_types/{ticket_type_id}")
UPDATE_TICKET_TYPE_ATTRIBUTE = _put("/ticket_types/{ticket_type_id}/attributes/{attribute_id}")
DATA_ATTRIBUTES = _get("/data_attributes", "data")
CREATE_DATA_ATTRIBUTE = _post("/data_attributes", "name")
UPDATE_DATA_ATTRIBUTE = _put("/data_attributes/{data_attribute_id}", "name")
TAGS = _get("/tags", "data")
CREATE_TAG = _post("/tags")
DELETE_TAG = _delete("/tags/{tag_id}")

CONTACTS = _get("/contacts", "data")
CREATE_CONTACT = _personal("POST", "/contacts", makes="id")
CONTACT = _get("/contacts/{contact_id}", "id")
UPDATE_CONTACT = _personal("PUT", "/contacts/{contact_id}")
FIND_CONTACT = _get("/contacts/find_by_external_id/{external_id}", "id")
SEARCH_CONTACTS = _search("/contacts/search", "data")
ARCHIVE_CONTACT = _post("/contacts/{contact_id}/archive")
DELETE_CONTACT = _delete("/contacts/{contact_id}", "id")
UNARCHIVE_CONTACT = _post("/contacts/{contact_id}/unarchive")
COMPANIES_OF_CONTACT = Endpoint("GET", "/contacts/{contact_id}/companies", (), read=True)
ATTACH_COMPANY = _personal("POST", "/contacts/{contact_id}/companies", names_contact=True)

DETACH_COMPANY = Endpoint("DELETE", "/contacts/{contact_id}/companies/{company_id}")

UPSERT_COMPANY = _personal("POST", "/companies", makes="id")
FIND_COMPANY = _get("/companies")
COMPANY = _get("/companies/{company_id}", "id")
COMPANY_CONTACTS = _get("/companies/{company_id}/contacts", "data")
DELETE_COMPANY = _delete("/companies/{company_id}", "id")
SCROLL_COMPANIES = Endpoint("GET", "/companies/scroll", ("data",), read=True, once=True)

CREATE_TICKET = _personal("POST", "/tickets", names_contact=True, makes="id")
TICKET = _get("/tickets/{ticket_id}", "id")
UPDATE_TICKET = _personal("PUT", "/tickets/{ticket_id}")
REPLY_TICKET = _personal("POST", "/tickets/{ticket_id}/reply")
SEARCH_TICKETS = _search("/tickets/search", "tickets")
TAG_TICKET = _post("/tickets/{ticket_id}/tags")
DELETE_TICKET = _delete("/tickets/{ticket_id}", "id")
UNTAG_TICKET = Endpoint("DELETE", "/tickets/{ticket_id}/tags/{tag_id}")

CREATE_CONVERSATION = _personal(
    "POST", "/conversations", "id", "conversation_id", names_contact=True, makes="conversation_id"
)
CONVERSATION = _get("/conversations/{conversation_id}", "id")
UPDATE_CONVERSATION = _personal("PUT", "/conversations/{conversation_id}")
REPLY_CONVERSATION = _personal("POST", "/conversations/{conversation_id}/reply")
MANAGE_CONVERSATION = _personal("POST", "/conversations/{conversation_id}/parts")
CONVERT_CONVERSATION = _personal("POST", "/conversations/{conversation_id}/convert")
TAG_CONVERSATION = _post("/conversations/{conversation_id}/tags")
DELETE_CONVERSATION = _delete("/conversations/{conversation_id}", "id")
REDACT_PART = _post("/conversations/redact")
UNTAG_CONVERSATION = Endpoint("DELETE", "/conversations/{conversation_id}/tags/{tag_id}")
SEARCH_CONVERSATIONS = _search("/conversations/search", "conversations")
