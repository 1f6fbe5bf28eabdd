-- One row per part of the conversations of page_keys(record_key), with its author's Intercom id and its files joined on.
WITH parts AS (
    SELECT source_key, conversation_key, author_kind, author_key, kind, body, created_at
    FROM target.parts SEMI JOIN page_keys q ON q.record_key = conversation_key
    UNION ALL
    SELECT source_key, conversation_key, author_kind, author_key, kind, body, created_at
    FROM plan.late_parts SEMI JOIN page_keys q ON q.record_key = conversation_key
),
files AS (
    SELECT f.part_key, list({
        'attachment_key': a.source_key, 'path': a.path, 'name': a.name, 'content_type': a.content_type, 'size': a.size,
        'sha256': a.sha256} ORDER BY a.position) AS files
    FROM plan.files f
    SEMI JOIN page_keys q ON q.record_key = f.conversation_key
    JOIN target.attachments a ON a.source_key = f.attachment_key
    WHERE NOT f.sent
    GROUP BY f.part_key
)
SELECT
    p.source_key, p.conversation_key, p.author_kind, p.kind, p.body, p.created_at, f.files,
    CASE
        WHEN p.author_kind = 'contact' THEN contact.intercom_id
        WHEN p.author_key IS NULL THEN own.migration_admin_id
        ELSE a.admin_id
    END AS author_id,
    a.via, agent.name AS agent_name, agent.email AS agent_email
FROM parts p
CROSS JOIN plan.own_admins own
LEFT JOIN files f ON f.part_key = p.source_key
LEFT JOIN plan.ids contact
    ON p.author_kind = 'contact' AND contact.object = 'contact' AND contact.source_key = p.author_key
LEFT JOIN plan.admin_ids a ON p.author_kind = 'admin' AND a.agent_id = p.author_key
LEFT JOIN target.admins agent ON p.author_kind = 'admin' AND agent.source_key = p.author_key;
