-- One row per conversation of page_keys(record_key), with Intercom's ids joined on.
SELECT
    c.source_key, c.title, c.description, c.created_at, c.state, c.ticket_state, c.snoozed_until, c.priority,
    c.attributes, c.state <> 'closed' AS open, coalesce(nullif(c.description, ''), c.title) AS opening,
    contact.intercom_id AS contact_id,
    company.intercom_id AS company_id,
    a.admin_id,
    t.intercom_team_id,
    own.intercom_id AS conversation_id,
    coalesce(u.intercom_id IS NOT NULL, FALSE) AS converted,
    woken.source_key IS NOT NULL AS woken,
    settled.confirmed_fingerprint IS NOT NULL AS settled
FROM page_keys q
JOIN target.conversations c ON c.source_key = q.record_key
LEFT JOIN plan.ids contact ON contact.object = 'contact' AND contact.source_key = c.contact_key
LEFT JOIN plan.ids company ON company.object = 'company' AND company.source_key = c.company_key
LEFT JOIN plan.admin_ids a ON a.agent_id = c.agent_id
LEFT JOIN plan.team_ids t ON t.team_id = c.team_id
LEFT JOIN plan.ids own ON own.object = 'conversation' AND own.source_key = c.source_key
LEFT JOIN plan.woken ON woken.object = 'conversation' AND woken.source_key = c.source_key
LEFT JOIN plan.journal settled
    ON settled.object = 'conversation' AND settled.operation = 'settle' AND settled.source_key = c.source_key
LEFT JOIN plan.journal u
    ON u.object = 'conversation' AND u.operation = 'update' AND u.source_key = c.source_key;
