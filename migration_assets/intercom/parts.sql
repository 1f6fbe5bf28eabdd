-- One row per part of the conversations of page_keys(record_key), with its author's Intercom id joined on.
SELECT
    p.source_key, p.conversation_key, p.author_kind, p.kind, p.body, p.created_at,
    CASE
        WHEN p.author_kind = 'contact' THEN contact.intercom_id
        WHEN p.author_key IS NULL THEN own.migration_admin_id
        ELSE a.admin_id
    END AS author_id,
    a.via, agent.name AS agent_name, agent.email AS agent_email
FROM page_keys q
JOIN target.parts p ON p.conversation_key = q.record_key
CROSS JOIN plan.own_admins own
LEFT JOIN plan.ids contact
    ON p.author_kind = 'contact' AND contact.object = 'contact' AND contact.source_key = p.author_key
LEFT JOIN plan.admin_ids a ON p.author_kind = 'admin' AND a.agent_id = p.author_key
LEFT JOIN target.admins agent ON p.author_kind = 'admin' AND agent.source_key = p.author_key;
