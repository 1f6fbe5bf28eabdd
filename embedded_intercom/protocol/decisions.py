"""What Intercom leaves undocumented or documents twice: what this workspace does, and why.

What has more than one way that a client may come to depend on is in `unknowns.py`, each with a switch; what is said
here of the same is its default.
"""

from typing import NamedTuple


class ChosenBehaviour(NamedTuple):
    """One choice: its name, what was chosen, and the reason."""

    name: str
    choice: str
    why: str


DECISIONS = (
    ChosenBehaviour(
        "part_order",
        "Parts are read back sorted by created_at, then by id; ids grow in the order of writing.",
        "Undocumented for backdated parts. What a person sees in the inbox is chronological.",
    ),
    ChosenBehaviour(
        "same_email_other_external_id",
        "A second user with the e-mail of another one is refused with 409, whatever its external_id.",
        "Intercom's bulk-create text rejects on either key; such pairs are reported too. Refusing is the harder case.",
    ),
    ChosenBehaviour(
        "email_case",
        "E-mail addresses are kept and compared in lower case.",
        "Undocumented; two users that differ in case only would receive each other's mail.",
    ),
    ChosenBehaviour(
        "missing_email",
        "A contact or author without e-mail has no `email` key.",
        "The description allows no null there.",
    ),
    ChosenBehaviour(
        "lead_external_id",
        "external_id on a lead is refused with 400; the lead gets a generated one.",
        "Ignored or refused, say the sources; refusing loses nothing in silence.",
    ),
    ChosenBehaviour(
        "default_role",
        "A contact created without role is a user.",
        "The 2.16 example; one third-party page says lead. Always send role.",
    ),
    ChosenBehaviour(
        "archived_contact",
        "An archived contact is read by id only; update, search, lists and messages answer 404 until it is unarchived.",
        "Undocumented. Archived users are inactive; a load must unarchive them on purpose.",
    ),
    ChosenBehaviour(
        "custom_string_length",
        "Strings in contact and company attributes are limited to 255 characters, 400 above.",
        "Users report the limit; the description names none. Refusing is better seen than cutting.",
    ),
    ChosenBehaviour(
        "attribute_names",
        "Data attribute names: letters, digits, spaces, hyphens, currency symbols except the dollar sign.",
        "The error text allows currency symbols, the docs refuse dots and the dollar sign, none names underscores.",
    ),
    ChosenBehaviour(
        "find_company",
        "GET /companies?company_id= answers the company itself, also when it has no contacts.",
        "The text says a single company, the schema a list; client libraries have always read one.",
    ),
    ChosenBehaviour(
        "archived_company",
        "Posting the company_id of an archived company brings it back, with the same id and without contacts.",
        "Undocumented. company_id is immutable, so that a second company with it would be worse.",
    ),
    ChosenBehaviour(
        "company_delete",
        "The answer says deleted at once; the company is archived and loses its contacts a setting's seconds "
        "later (0: at once). A post of its company_id in between does not stop that.",
        "Documented as asynchronous, without a time; the harder case for a client that posts again.",
    ),
    ChosenBehaviour(
        "company_scroll",
        "The scroll hides companies without contacts, as the list does.",
        "Documented for the list only; hiding is the harder case for a reader.",
    ),
    ChosenBehaviour(
        "page_sizes",
        "Defaults: contacts 10, contact search 50, conversations and ticket search 20, companies 15, "
        "redirects and notes 50. Above the maximum: 400.",
        "The sources name two sizes for contacts and companies; the smaller is the harder. Always send per_page.",
    ),
    ChosenBehaviour(
        "ticket_list_values",
        "Options are input_options.list_options[{id,label,archived}]; a value is written and read back as its id.",
        "The shape is undocumented; writing takes the id, and reading gives what was written.",
    ),
    ChosenBehaviour(
        "conversation_list_values",
        "A list attribute of a conversation takes the label or the option's id and reads back as the label.",
        "Undocumented.",
    ),
    ChosenBehaviour(
        "ticket_datetime",
        "Datetime attributes take unix seconds or ISO 8601 with an offset and read back as unix seconds.",
        "Undocumented; unix seconds are used everywhere else.",
    ),
    ChosenBehaviour(
        "required_title",
        "The default title and description are not required.",
        "The example answer of POST /ticket_types shows required_to_create false for both.",
    ),
    ChosenBehaviour(
        "ticket_parts",
        "A new ticket has one part of type ticket_state_updated_by_admin, by the bot, stamped with its created_at; "
        "updates leave parts for attributes, state, assignment, opening and closing, stamped now.",
        "Intercom's examples. Readers must pick the parts they wrote by type.",
    ),
    ChosenBehaviour(
        "ticket_tags_and_company",
        "A ticket's document shows neither its tags nor its company; the conversation with the same id does.",
        "The description of a ticket has neither.",
    ),
    ChosenBehaviour(
        "ticket_source",
        "source.body of an API-created ticket is its description, escaped, in a paragraph.",
        "Undocumented.",
    ),
    ChosenBehaviour(
        "reply_to_closed",
        "A contact's reply reopens; on a conversation its part has the type `open`, on a ticket `comment`.",
        "The official example shows `open`; the ticket reply's schema knows comment, note and quick_reply only.",
    ),
    ChosenBehaviour(
        "reply_wakes_snoozed",
        "Every reply and note wakes a snoozed thread; an admin's reply does not reopen a closed one.",
        "The Preview switch skip_unsnooze implies the first; the second is undocumented.",
    ),
    ChosenBehaviour(
        "assigning_closed",
        "Assigning a closed conversation reopens it, in one part of type assign_and_reopen.",
        "Official example.",
    ),
    ChosenBehaviour(
        "foreign_contact_replies",
        "Any contact may reply in any conversation or ticket.",
        "Undocumented; histories hold messages of colleagues of the requester.",
    ),
    ChosenBehaviour(
        "reply_html",
        "A reply that is wrapped in block elements is HTML and is sanitised; any other one is text, escaped, in a <p>.",
        "Product change 156079. Allowed elements are undocumented: the usual ones of rich text.",
    ),
    ChosenBehaviour(
        "attachment_urls",
        "URLs are not fetched: the attachment keeps the URL, its name and a guessed type, size 0.",
        "The workspace makes no connections.",
    ),
    ChosenBehaviour(
        "article_html",
        "Headings below h2 become h2, other elements are taken out, and broken lists, tables, videos and images refuse "
        "the article; images keep their address.",
        "Intercom's guide. In life an image is fetched and gets an address of Intercom's; the workspace makes no "
        "connections.",
    ),
    ChosenBehaviour(
        "search_operators",
        "Tickets and conversations compare exact seconds, > and < strictly, >= and <= too; contacts by whole days.",
        "The table says 'greater (or equal)', another place adds >= and <=.",
    ),
    ChosenBehaviour(
        "ticket_state_search",
        "state in a ticket search is the state's category.",
        "The accepted values are undocumented.",
    ),
    ChosenBehaviour(
        "notifications",
        "The whole list is in audiences.py. As documented: tickets created, updated or replied to (contact and "
        "teammate; notes and other categories: teammate only), admin replies on conversations, closing with a "
        "body (contact). As assumed: conversations opened, replied to or noted, closed, opened, snoozed, "
        "assigned or converted (teammate), a contact added (contact). "
        "Nothing for fields, tags, links and PUT on a conversation.",
        "Facts 0.4, 3, 10 and 14.8: what nothing says and nothing denies is counted, except for changes of "
        "fields, which leave no part in a thread.",
    ),
    ChosenBehaviour(
        "ids_typed",
        "Ids are strings, except admin_id in PUT /tickets (integer) and author_id of articles (integer); others 400.",
        "The description's types, taken at their word; Intercom itself may be more lenient.",
    ),
    ChosenBehaviour(
        "unknown_fields",
        "Unknown fields are ignored, and counted in /__embedded/state; companies refuse them.",
        "Only companies document a refusal; 2.16 ignores priority on conversations.",
    ),
    ChosenBehaviour(
        "older_versions",
        "Older versions miss their endpoints and flags and take ids in their types, but documents always have the "
        "2.16 shape.",
        "It is written for clients that pin 2.16.",
    ),
    ChosenBehaviour(
        "queued_ticket",
        "A queued ticket is there when its job succeeds, and is created with that time unless it has its own; a job "
        "whose contact or type has gone meanwhile fails.",
        "Documented: pending, success or failed, and what is wrong with the request is refused at once.",
    ),
    ChosenBehaviour(
        "future_times",
        "created_at may lie in the future; milliseconds are refused.",
        "No rule is documented; milliseconds are the usual mistake.",
    ),
    ChosenBehaviour(
        "company_list_order",
        "/companies/list begins with the last to make a request; among those that made none, with the newest.",
        "The description names the field only.",
    ),
    ChosenBehaviour(
        "search_lag",
        "The search lag holds for the searches and lists of contacts, conversations and tickets, "
        "and for what is created; changes and deletions are seen at once. Reading by id or "
        "external_id never lags.",
        "Documented for the contact search alone; a client must not rely on the others.",
    ),
    ChosenBehaviour(
        "redacted_text",
        "A redacted text reads `This message was deleted`, and its attachments are gone.",
        "Official example.",
    ),
    ChosenBehaviour(
        "contact_tagged_by",
        "A tag on a contact is applied by the token's own admin.",
        "The call names nobody; the example shows an admin.",
    ),
    ChosenBehaviour(
        "left_out",
        "Segments, subscription types, bulk jobs, company search, blocking, conversation attributes, the list of "
        "deleted conversations, adding a contact to a conversation, merging conversations, changing a ticket's type, "
        "messages, events, visitors, calls, news, brands, macros, office hours, exports, custom objects, internal "
        "articles, Fin and away mode answer 404.",
        "Nobody has needed them yet.",
    ),
)
