"""Faults between records: what is missing, doubled, merged in circles; attachments and their files; articles."""

from collections.abc import Mapping

from sample_data.fault import Becomes, SampleFault


def _ticket(kind: str, key: str, becomes: Becomes, detail: str, rule: str = "", **cells: str) -> SampleFault:
    return SampleFault(kind, "tickets", "tickets.csv", key, becomes, detail, rule, cells)


def _merged(kind: str, key: str, into: str, becomes: Becomes, detail: str, rule: str = "") -> SampleFault:
    return _ticket(kind, key, becomes, detail, rule, merged_into_ticket_id=into)


def _new(kind: str, object_: str, file: str, key: str, becomes: Becomes, detail: str, rule: str,
         cells: Mapping[str, str]) -> SampleFault:  # fmt: skip
    return SampleFault(kind, object_, file, key, becomes, detail, rule, cells, add=True)


_ARCHIVE = "customers-archive.csv"
_CREATED = {"created_at": "2023-06-01T08:00:00Z", "updated_at": "2026-09-01T08:00:00Z"}

RELATION_FAULTS: tuple[SampleFault, ...] = (
    SampleFault("agent who is not in Intercom", "agents", "agents.csv", "112", "held",
          "His tickets wait in the reconciliation queue.", find="Rui Azevedo"),
    SampleFault("team that is not in Intercom", "teams", "teams.csv", "5", "held",
          "Its tickets wait in the reconciliation queue.", find="Logistics Iberia"),
    _ticket("ticket of an agent who is not in Intercom", "100330", "held", "Loaded once the admin exists.",
            agent_id="112"),
    SampleFault("ticket of a team that is not in Intercom", "tickets", "tickets.csv", "100335", "held",
          "Loaded once the team exists.", cells={"team_id": "5"}, find=",5,2026-"),
    _ticket("ticket of a deleted customer", "100271", "placeholder", "A placeholder contact stands in.",
            customer_id="9990"),
    _new("message of a ticket that does not exist", "messages", "messages.csv", "999998001", "quarantined",
         "Its ticket was deleted before the export.", "unknown_ticket",
         {"message_id": "999998001", "ticket_id": "999998", "kind": "reply", "author_type": "customer",
          "author_id": "105", "body": "Ficou resolvido, obrigado!", "created_at": "2026-02-03T10:00:00Z"}),
    _ticket("ticket whose own time cannot be read", "100300", "quarantined",
            "Its messages are quarantined with it.", "bad_timestamp", created_at="am Montag"),
    SampleFault("message of a quarantined ticket", "messages", "messages.csv", "100300001", "quarantined",
          "It comes back when its ticket is mended.", "ticket_quarantined", find="100300001"),
    _new("customer twice, by e-mail in other case", "customers", _ARCHIVE, "601", "merged",
         "Merged with 105, who has the same address.", "",
         {"customer_id": "601", "name": "A. Nóbrega", "email": "ANDRE.NOBREGA@lusitania-texteis.example",
          "company_id": "105", **_CREATED}),
    _new("customer twice, same e-mail", "customers", _ARCHIVE, "602", "merged",
         "Merged with 109; the tickets of both become hers.", "",
         {"customer_id": "602", "external_id": "CRM-7781", "name": "Grace Hughes",
          "email": "grace.hughes@harbourpine.example", "company_id": "109", **_CREATED}),
    _new("company in two spellings", "companies", "companies.csv", "701", "merged",
         "Merged with 101, which has the same domain.", "",
         {"company_id": "701", "name": "Hartwig und Soehne", "domain": "WWW.hartwig-soehne.example", **_CREATED}),
    _new("company with a free-mail domain", "companies", "companies.csv", "702", "loaded",
         "gmail.com says nothing about a company.", "",
         {"company_id": "702", "name": "Foto Gruber", "domain": "gmail.com", **_CREATED}),
    _new("another company with the same free-mail domain", "companies", "companies.csv", "703", "loaded",
         "Not merged with 702.", "",
         {"company_id": "703", "name": "Yoga Loft Hamburg", "domain": "gmail.com", **_CREATED}),
    _new("customer of a free-mail company", "customers", _ARCHIVE, "603", "loaded", "Linked by company_id only.", "",
         {"customer_id": "603", "name": "Walter Gruber", "email": "foto.gruber@gmail.com", "company_id": "702",
          **_CREATED}),
    SampleFault("customer of a company that does not exist", "customers", "customers.csv", "176", "value dropped",
          "The customer goes on without a company.", "unknown_company", {"company_id": "9999"}),
    SampleFault("external id that is another customer's id", "customers", "customers.csv", "166", "loaded",
          "One of the two keys gets a prefix, so that nobody is taken for someone else.", "", {"external_id": "115"}),
    SampleFault("member of a team who is no agent", "team_members", "team_members.csv", "2|199", "quarantined",
          "Nobody has that id.", "unknown_agent", {"team_id": "2", "agent_id": "199"}, add=True, find="2,199"),
    _new("message with the id of a ticket", "messages", "messages.csv", "100238", "loaded",
         "Ids are unique in a file, not across files.", "",
         {"message_id": "100238", "ticket_id": "100238", "kind": "note", "author_type": "agent", "author_id": "104",
          "author_name": "Matteo Ricci", "body": "Zertifikat läuft im Juli 2027 wieder ab.",
          "created_at": "2025-07-28T10:00:00Z"}),
    SampleFault("author of an unusual type", "messages", "messages.csv", "100277002", "loaded",
          "The mapping leads api to system.", "", {"author_type": "api", "author_name": "Zapier"}),
    SampleFault("author without an id", "messages", "messages.csv", "100326004", "loaded",
          "The address tells who it was.", "", {"author_id": ""}, find="customer,,"),
    SampleFault("author who is a colleague of the customer", "messages", "messages.csv", "100329003", "loaded",
          "Written in the colleague's name.", "",
          {"author_id": "136", "author_name": "Samuel Patel",
           "author_email": "samuel.patel2@northgate-cycles.example"}, find="Samuel Patel"),
    _merged("merged ticket", "100303", "100304", "loaded", "The stub stays, with a note where it went."),
    _merged("chain of merges", "100305", "100306", "loaded", "Each stub names the ticket that it went into."),
    _merged("chain of merges (second link)", "100306", "100307", "loaded", "See above."),
    _merged("merged in a circle", "100308", "100309", "value dropped", "Neither can be the stub of the other.",
            "merge_cycle"),
    _merged("merged in a circle (the other)", "100309", "100308", "value dropped", "See above.", "merge_cycle"),
    _merged("merged into a ticket that does not exist", "100311", "999999", "value dropped",
            "The ticket goes on by itself.", "unknown_merge_target"),
    _ticket("spam", "100301", "skipped", "The mapping's rule spam.", tags="spam"),
    _ticket("delivery failure notice", "100302", "skipped", "The mapping's rule delivery failure notices.",
            channel="bounce"),
    SampleFault("article with links that lead nowhere from outside", "articles", "articles.csv", "8", "loaded",
          "Relative links and images behind the login are listed for a person.", "",
          {"body": '<p>See <a href="../articles/limits">limits</a>.</p><img src="/internal/img/441.png">'},
          find="../articles/limits"),
    _new("draft article", "articles", "articles.csv", "13", "loaded", "Stays a draft.", "",
         {"article_id": "13", "title": "Preise 2027 (Entwurf)", "body": "<p>Noch nicht veröffentlichen.</p>",
          "collection": "Invoices", "parent_collection": "Billing", "author_agent_id": "105", "state": "draft",
          "locale": "de", "created_at": "2026-10-12T08:00:00Z", "updated_at": "2026-10-12T08:00:00Z"}),
    _new("translation with an id of its own", "articles", "articles.csv", "14", "loaded",
         "Listed as an article of its own.", "",
         {"article_id": "14", "title": "Webhooks", "body": "<p>Antworten Sie innerhalb von 10 Sekunden mit 200.</p>",
          "collection": "Webhooks", "parent_collection": "API", "author_agent_id": "108", "state": "published",
          "locale": "de", "url": "https://help.nordlicht-commerce.example/de/articles/webhooks",
          "created_at": "2024-03-11T08:00:00Z", "updated_at": "2026-01-16T08:00:00Z"}),
)  # fmt: skip
