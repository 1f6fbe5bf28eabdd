"""What is present is what Intercom shows at the end of the run, of every object, not what the load step saw."""


def test_what_was_deleted_after_its_load_step_is_not_present(ticket_route):
    ticket_route.run()
    before = dict(ticket_route.site.rows("SELECT object, present FROM verdict.loads"))
    assert ticket_route.count_at_the_end() == before
    ((company,),) = ticket_route.site.rows("SELECT intercom_id FROM plan.journal WHERE object = 'company'")
    contact = ticket_route.id_of("contact", "c2")
    ticket_route.site.call(lambda client: client.delete_contact(contact))
    ticket_route.site.call(lambda client: client.delete_company(company))
    after = ticket_route.count_at_the_end()
    assert {name: before[name] - after[name] for name in ("contact", "company")} == {"contact": 1, "company": 1}


def test_what_the_sweep_missed_is_counted_anew_with_its_parts(ticket_route):
    ticket_route.run()
    before = dict(ticket_route.site.rows("SELECT object, present FROM verdict.loads"))
    with ticket_route.site.warehouse.connect() as connection:
        connection.execute("INSERT INTO verdict.strays (kind, object) VALUES ('missing', 'conversation')")
    gone = ticket_route.id_of("conversation", "t1")
    ticket_route.site.call(lambda client: client.delete_ticket(gone))
    after = ticket_route.count_at_the_end()
    # Ticket t1 has three messages, of which the second and the third are parts of their own.
    assert {name: before[name] - after[name] for name in ("conversation", "part")} == {"conversation": 1, "part": 3}
