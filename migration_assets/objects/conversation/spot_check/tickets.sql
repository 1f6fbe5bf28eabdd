-- The tickets of the sample with the names of whoever belongs to them. Parameter: a list of ticket ids.
SELECT
    t.ticket_id, t.subject, t.status, t.priority, t.tags, t.created_at,
    coalesce(c.name, c.email, t.customer_id) || coalesce(' <' || c.email || '>', '') AS customer,
    coalesce(a.name, t.agent_id) AS agent, coalesce(m.name, t.team_id) AS team,
    (SELECT list(f.file_name ORDER BY f._row) FROM clean.attachments f
     WHERE f.ticket_id = t.ticket_id AND f.message_id IS NULL) AS files
FROM clean.tickets t
LEFT JOIN clean.customers c ON c.customer_id = t.customer_id
LEFT JOIN clean.agents a ON a.agent_id = t.agent_id
LEFT JOIN clean.teams m ON m.team_id = t.team_id
WHERE list_contains($1, t.ticket_id)
