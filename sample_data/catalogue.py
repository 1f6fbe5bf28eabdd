"""The small files of the sample: agents, teams, custom fields, tags and automations; the same in every size."""

AGENTS: tuple[tuple[str, str, str, str, str], ...] = (
    ("101", "Julia Brandt", "julia.brandt@nordlicht-commerce.example", "admin", "true"),
    ("102", "Daniel Osei", "daniel.osei@nordlicht-commerce.example", "agent", "true"),
    ("103", "Sophie Laurent", "sophie.laurent@nordlicht-commerce.example", "agent", "true"),
    ("104", "Matteo Ricci", "matteo.ricci@nordlicht-commerce.example", "agent", "true"),
    ("105", "Joana Silva", "joana.silva@nordlicht-commerce.example", "team lead", "true"),
    ("106", "Kenji Mori", "kenji.mori@nordlicht-commerce.example", "agent", "true"),
    ("107", "Clara Domínguez", "clara.dominguez@nordlicht-commerce.example", "agent", "true"),
    ("108", "Tom Ellery", "tom.ellery@nordlicht-commerce.example", "agent", "true"),
    ("109", "Petra Nowak", "petra.nowak@nordlicht-commerce.example", "team lead", "true"),
    ("110", "Youssef Amrani", "youssef.amrani@nordlicht-commerce.example", "agent", "false"),
    ("111", "Greta Sommer", "greta.sommer@nordlicht-commerce.example", "agent", "false"),
)
"""agents.csv. 110 and 111 have left but are still in Intercom."""

MISSING_AGENT = ("112", "Rui Azevedo", "rui.azevedo@nordlicht-commerce.example", "agent", "true")
"""In the sample with mess only: Intercom does not know him."""

TEAMS: tuple[tuple[str, str, str], ...] = (
    ("1", "Customer Care", ""),
    ("2", "Billing", "1"),
    ("3", "Technical Support", "1"),
    ("4", "API & Integrations", "3"),
)
MISSING_TEAM = ("5", "Logistics Iberia", "1")
"""In the sample with mess only: Intercom does not have it."""

MEMBERS: dict[str, tuple[str, ...]] = {
    "1": ("101", "103", "107", "109", "110"),
    "2": ("102", "103", "105", "111"),
    "3": ("104", "106", "107", "108", "110"),
    "4": ("106", "108"),
}
"""By team, the agents who belong to it."""

LEFT: dict[str, str] = {"110": "2025-03-31T16:00:00Z", "111": "2024-12-20T16:00:00Z"}
"""When the deactivated agents left; they wrote nothing afterwards."""

FIRST_NAMES = {row[0]: row[1].split()[0] for row in (*AGENTS, MISSING_AGENT)}
AGENT_NAMES = {row[0]: row[1] for row in (*AGENTS, MISSING_AGENT)}
AGENT_EMAILS = {row[0]: row[2] for row in (*AGENTS, MISSING_AGENT)}

REGIONS = ("EMEA", "Americas", "APAC")
MODULES = ("Billing", "Export", "API", "Login", "Shipping")
LANGUAGES = ("en", "de", "fr", "es", "pt", "other")

CUSTOM_FIELDS: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("cf_region", "ticket", "Region", "select", ";".join(REGIONS), "false"),
    ("cf_modules", "ticket", "Affected modules", "multi_select", ";".join(MODULES), "false"),
    ("cf_order_value", "ticket", "Order value", "number", "", "false"),
    ("cf_escalated", "ticket", "Escalated", "boolean", "", "false"),
    ("cf_order_number", "ticket", "Order number", "string", "", "false"),
    ("cf_vip", "customer", "VIP", "boolean", "", "false"),
    ("cf_language", "customer", "Preferred language", "select", ";".join(LANGUAGES), "false"),
    ("cf_contract_end", "company", "Contract end", "date", "", "false"),
    ("cf_seats", "company", "Seats", "number", "", "false"),
)
"""custom_fields.csv: field, object, label, type, options, required."""

TAGS: tuple[tuple[str, str], ...] = (
    ("billing", "Invoices, payments, refunds"),
    ("refund", "Money goes back"),
    ("login", "Passwords, two-factor, single sign-on"),
    ("bug", "Something does not work as documented"),
    ("export", "CSV and PDF exports"),
    ("api", "API, webhooks, limits"),
    ("shipping", "Parcels, labels, carriers"),
    ("returns", "Goods come back"),
    ("how-to", "A question about how something is done"),
    ("feature-request", "Ideas and wishes"),
    ("account", "Users, seats, plans, cancellation"),
    ("spam", "Not a customer; skipped by the mapping"),
)

AUTOMATIONS: tuple[tuple[str, str, str, str], ...] = (
    ("Assign by topic", "workflow", "Reads the subject and assigns the team that answers for the topic.", "true"),
    ("Close after 7 days", "trigger", "Closes resolved tickets when nobody has answered for seven days.", "true"),
    ("Ask for order number", "macro", "Asks the customer for the order number and sets the ticket to pending.", "true"),
    ("First answer 4 h", "sla", "Business hours, Monday to Friday 08:00-18:00 Europe/Berlin.", "true"),
    ("First answer 1 h urgent", "sla", "Around the clock for urgent tickets of Enterprise customers.", "true"),
    ("My open tickets", "view", "status is open and assigned agent is me", "true"),
    ("Unassigned, oldest first", "view", "agent is empty, sorted by created_at", "true"),
    ("Weekly volume by team", "report", "Tickets per team and week, with the median time to the first answer.", "true"),
    ("Old escalation path", "workflow", "Forwarded urgent tickets to the on-call phone.", "false"),
    ("Refund approved", "macro", "Confirms a refund and adds the tag refund.", "true"),
)
