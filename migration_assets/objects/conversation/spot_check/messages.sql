-- The messages of the sample's tickets in the order of their times. Parameter: a list of ticket ids.
SELECT
    m.ticket_id, m.kind, m.body, m.created_at,
    coalesce(m.author_name, c.name, a.name, m.author_email, c.email, a.email, m.author_id, m.author_type) AS who,
    (SELECT list(f.file_name ORDER BY f._row) FROM clean.attachments f WHERE f.message_id = m.message_id) AS files
FROM clean.messages m
LEFT JOIN target.thread t ON t.message_id = m.message_id
LEFT JOIN clean.customers c ON c.customer_id = m.author_id AND t.author_type <> 'agent'
LEFT JOIN clean.agents a ON a.agent_id = m.author_id AND t.author_type = 'agent'
WHERE list_contains($1, m.ticket_id)
ORDER BY m.ticket_id, m.created_at, m._row
