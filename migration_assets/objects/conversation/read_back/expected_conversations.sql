-- Each conversation with Intercom's ids of whom it is of and assigned to, and what Intercom counts of it.
-- In: target.conversations, target.parts, plan.options, plan.admin_ids, plan.team_ids, verified.applied_writes, observed.fields,
-- plan.journal, plan.wanted.
SELECT c.*, person.intercom_id AS contact_id, company.intercom_id AS company_id, a.admin_id, t.intercom_team_id,
    o.native_priority,
    -- All parts that Intercom says there are must be among those that it gives.
    n.value AS parts_counted,
    w.writers,
    g.own_tag_to_go
FROM target.conversations c
CROSS JOIN plan.options o
LEFT JOIN verified.applied_writes person ON person.object = 'contact' AND person.source_key = c.contact_key
LEFT JOIN verified.applied_writes company ON company.object = 'company' AND company.source_key = c.company_key
LEFT JOIN plan.admin_ids a ON a.agent_id = c.agent_id
LEFT JOIN plan.team_ids t ON t.team_id = c.team_id
LEFT JOIN (
    -- The contacts who write in it, by Intercom's ids.
    SELECT p.conversation_key, list(DISTINCT author.intercom_id) AS writers
    FROM target.parts p
    JOIN verified.applied_writes author ON author.object = 'contact' AND author.source_key = p.author_key
    WHERE p.author_kind = 'contact' GROUP BY p.conversation_key
) w ON w.conversation_key = c.source_key
LEFT JOIN (
    -- A tag that we have put on, and that is still to be taken off.
    SELECT DISTINCT j.parent_key, TRUE AS own_tag_to_go FROM plan.journal j
    ANTI JOIN plan.wanted d ON d.object = j.object AND d.source_key = j.source_key AND d.operation = 'attach'
    WHERE j.object = 'conversation_tag' AND j.operation = 'attach' AND j.intercom_id IS NOT NULL
) g ON g.parent_key = c.source_key
LEFT JOIN observed.fields n
    ON n.object = 'conversation' AND n.source_key = c.source_key AND n.field = 'parts_counted'
