"""What Intercom leaves undocumented or documents twice and a client may come to depend on: the ways of each.

The first way is the default: the likelier one, or where nothing makes one likelier, the harder one for a client.
`docs/intercom_unknowns.md` is made of this list. `decisions.py` says what was decided without a switch.
"""

from typing import NamedTuple


class Undocumented(NamedTuple):
    """A question, the ways it can be answered with the default first, what the documentation says, why that default."""

    ways: tuple[str, ...]
    says: str
    why: str


UNKNOWNS = {
    # --- who is there ---
    "same_email": Undocumented(
        ("refuse", "allow"),
        "The Preview text of bulk creation refuses an item whose external_id or email exists; single creation has no "
        "such text, and workspaces with two users of one address are reported.",
        "Refusing is the harder case.",
    ),
    "lead_external_id": Undocumented(
        ("refuse", "ignore"), "Nothing; both are reported.", "Refusing loses nothing in silence."
    ),
    "default_role": Undocumented(
        ("user", "lead"), "Nothing about a body without role; the example answers a user.", "The example."
    ),
    "missing_email": Undocumented(
        ("absent", "null"), "The schema of a contact allows no null for email.", "The schema."
    ),
    "phone": Undocumented(
        ("kept", "digits"), "Nothing about the form of a number; formatted_phone is searchable.", "The example."
    ),
    "archived_contact": Undocumented(
        ("refuse", "free"),
        "409 is declared nowhere; 'An archived contact matching those details already exists' is reported, and the "
        "Preview text of bulk creation says that archived contacts count.",
        "What is reported.",
    ),
    "blank_space": Undocumented(
        ("kept", "trimmed"),
        "Nothing about space around a name or a title, or about several spaces within.",
        "The example of no call has any.",
    ),
    # --- companies, tags ---
    "find_company": Undocumented(
        ("company", "list"),
        "GET /companies?company_id=: the text says a single company, schema and example are a list.",
        "Client libraries have always read one.",
    ),
    "archived_company": Undocumented(
        ("restored", "refused", "new"),
        "'Deleting' archives; nothing about posting its company_id again.",
        "company_id cannot be changed, so that a second company with it would be worse.",
    ),
    "tag_case": Undocumented(
        ("ignored", "matters"),
        "'A tag with this name exists' is not said to ignore case; users report that it does.",
        "What is reported.",
    ),
    # --- what creation leaves ---
    "creation_state_event": Undocumented(
        ("bot", "none", "admin"),
        "The example of a new ticket shows a part ticket_state_updated_by_admin by a bot; no text says so.",
        "The example.",
    ),
    "creation_assignment_event": Undocumented(
        ("none", "bot", "admin"),
        "Nothing about a part for the assignment that a ticket is created with.",
        "The example of a new ticket has one part only.",
    ),
    "creation_event_time": Undocumented(
        ("created_at", "now"), "Nothing about the time of those parts.", "The example's times are equal."
    ),
    "found_at_once": Undocumented(
        ("yes", "no"),
        "'A newly created contact may not be found for a few minutes' by searching, and a brand-new contact may answer "
        "404 on messaging; nothing about reading by id.",
        "Reading by id is the way that everybody uses.",
    ),
    # --- what a change does besides ---
    "open_wakes_snoozed": Undocumented(
        ("yes", "no"),
        "open: 'Specify if a ticket is open. Set to false to close a ticket'; nothing about a snoozed one.",
        "Open is what is asked for.",
    ),
    "open_part_wakes": Undocumented(
        ("yes", "no"),
        "A part of type open 'opens' a conversation; nothing about a snoozed one, nor about one that is a ticket.",
        "Open is what is asked for.",
    ),
    "snooze_end_event": Undocumented(
        ("bot", "none"),
        "snoozed_until: 'The time you want the ticket to reopen'; nothing about a part for it.",
        "A part is the harder case.",
    ),
    "same_value_event": Undocumented(
        ("part", "none"), "Nothing about setting what is set already.", "A part is the harder case."
    ),
    "state_moves_open": Undocumented(
        ("no", "yes"),
        "ticket.resolved and ticket.closed are two webhooks since 2.15; nothing about what a ticket's state does to "
        "its being open, or the reverse.",
        "The two webhooks.",
    ),
    "replier_participates": Undocumented(
        ("no", "yes"),
        "contacts of a ticket or conversation: 'The list of contacts affected'; nothing about who replies in another "
        "one's.",
        "The calls that add a participant are others.",
    ),
    "reply_wakes": Undocumented(
        ("snoozed", "nothing", "closed_too"),
        "skip_unsnooze (Preview): by default comments and notes wake a snoozed conversation; nothing about closed "
        "ones, nor about tickets.",
        "The Preview text.",
    ),
    "reply_to_closed": Undocumented(
        ("open", "comment"),
        "The example of a contact's reply to a closed conversation shows a part of type open; the schema has comment.",
        "The example.",
    ),
    "contact_reply_reopens": Undocumented(("yes", "no"), "Nothing in words; the example shows it.", "The example."),
    "assigning_opens": Undocumented(
        ("no", "yes"),
        "The example of assigning a closed conversation shows assign_and_reopen; nothing about tickets.",
        "On a ticket open is a field of its own.",
    ),
    "change_author": Undocumented(
        ("named", "token", "bot"),
        "admin_id: 'The ID of the admin performing ticket update'; nothing about whom the part shows.",
        "The words.",
    ),
    "updated_at": Undocumented(
        ("on_change", "moves"),
        "'The last time the ticket was updated'; nothing about what else moves it.",
        "The words.",
    ),
    # --- what is read back of what was written ---
    "created_at": Undocumented(
        ("kept", "minute", "two_years"),
        "'The time the reply was created as a UTC Unix timestamp'; nothing about rounding or a greatest age.",
        "What users of the field report.",
    ),
    "part_order": Undocumented(
        ("time", "arrival"), "Nothing about parts whose created_at lies before the last one's.", "The inbox."
    ),
    "html": Undocumented(
        ("kept", "bare", "wrapped", "entities"),
        "'Message body supports HTML'; not which, nor in which form it is read back.",
        "The least that can happen.",
    ),
    "opening_text": Undocumented(
        ("description", "empty"),
        "Nothing about what source.body of a ticket holds that was created by the API.",
        "A customer's first words are shown there for their own tickets.",
    ),
    "inbox_title": Undocumented(
        ("whole", "trimmed", "shortened", "escaped"),
        "title of a conversation: 'The title given to the conversation'; nothing about that of a conversation that is "
        "a ticket, nor about its length or form.",
        "The least that can happen.",
    ),
    "ticket_list_values": Undocumented(
        ("id", "label"), "Written as the item's id; nothing about what is read back.", "What was written."
    ),
    "ticket_dates_shown": Undocumented(
        ("unix", "iso"), "Nothing about how a datetime attribute is read back.", "Unix seconds are used elsewhere."
    ),
    "empty_value": Undocumented(
        ("null", "absent", "empty"),
        "Nothing about how an attribute is read back that has no value.",
        "The example shows null.",
    ),
    "filesize": Undocumented(
        ("bytes", "zero", "absent"),
        "filesize: 'The size of the file'; not required, and nothing about files sent as base64.",
        "The words.",
    ),
    "redacted_text": Undocumented(
        ("words", "empty"), "The example's body reads 'This message was deleted'; the text says blank.", "The example."
    ),
    # --- lists and searches ---
    "search_finds": Undocumented(
        ("at_once", "later"),
        "The contact search may miss 'a newly created contact for a few minutes'; nothing about tickets and "
        "conversations.",
        "Tests would wait; --search-lag sets any lag.",
    ),
    "page_sizes": Undocumented(
        ("small", "large"), "Default page sizes: contacts 10 or 50, companies 15 or 20.", "The smaller is harder."
    ),
    "ticket_dates": Undocumented(
        ("all", "strict"), "A ticket search compares created_at with > and <; one place adds >= and <=.", "The longer."
    ),
    "request_id": Undocumented(
        ("uuid", "token"), "The description says a UUID; 20 letters and digits are seen in life.", "The description."
    ),
}
