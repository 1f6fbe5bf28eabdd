-- Each conversation with Intercom's ids of whom it is of and assigned to, and what Intercom counts of it.
-- In: target.conversations, plan.options, plan.admin_ids, plan.team_ids, verified.applied_writes, observed.fields.
SELECT c.*, person.intercom_id AS contact_id, company.intercom_id AS company_id, a.admin_id, t.intercom_team_id,
    o.native_priority,
    -- All parts that Intercom says there are must be among those that it gives.
    n.value AS parts_counted
FROM target.conversations c
CROSS JOIN plan.options o
LEFT JOIN verified.applied_writes person ON person.object = 'contact' AND person.source_key = c.contact_key
LEFT JOIN verified.applied_writes company ON company.object = 'company' AND company.source_key = c.company_key
LEFT JOIN plan.admin_ids a ON a.agent_id = c.agent_id
LEFT JOIN plan.team_ids t ON t.team_id = c.team_id
LEFT JOIN observed.fields n
    ON n.object = 'conversation' AND n.source_key = c.source_key AND n.field = 'parts_counted'
