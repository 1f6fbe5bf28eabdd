-- What the mapping says Intercom should show of the sample's tickets, in the words in which Intercom shows it: names of
-- admins, teams and tags as they are there. A ticket that became several has its beginning in the first, its state in the last.
-- Parameter: a list of ticket ids.
WITH pieces AS (
    SELECT
        ticket_id, list(c ORDER BY part_of)[1] AS first, list(c ORDER BY part_of)[-1] AS last
    FROM target.conversations c WHERE list_contains($1, ticket_id) GROUP BY ticket_id
)
SELECT
    p.ticket_id, p.first.title AS subject, p.last.ticket_state AS status,
    upper(left(p.first.priority, 1)) || substr(p.first.priority, 2) AS priority, p.first.created_at,
    coalesce(person.name, person.email) || coalesce(' <' || nullif(person.email, person.name) || '>', '') AS customer,
    coalesce(admin.name, admin.email) AS agent, team.name AS team,
    (SELECT list(DISTINCT t.name) FROM plan.conversation_tags w JOIN target.tags t ON t.source_key = w.tag_key
     WHERE w.conversation_key = p.first.source_key) AS tags
FROM pieces p
LEFT JOIN target.contacts person ON person.source_key = p.first.contact_key
LEFT JOIN plan.admin_ids a ON a.agent_id = p.last.agent_id
LEFT JOIN observed.admins admin ON admin.id = a.admin_id
LEFT JOIN plan.team_ids m ON m.team_id = p.last.team_id
LEFT JOIN observed.teams team ON team.id = m.intercom_team_id
