-- Each part as it is written: by whoever stands in for its author, with the author's name in words then.
-- In: target.parts, plan.files, target.admins, plan.late_parts, plan.own_admins, plan.admin_ids, verified.applied_writes,
-- verified.part_order.
WITH every AS (
    SELECT source_key, conversation_key, author_kind, author_key, kind, body, created_at, files_of, files_alone,
        json_extract_string(payload::JSON, '$.body') AS said
    FROM target.parts
    UNION ALL
    SELECT source_key, conversation_key, author_kind, author_key, kind, body, created_at, source_key, NULL, NULL
    FROM plan.late_parts
)
SELECT p.source_key, p.conversation_key, p.kind, p.created_at, p.said, p.files_of, coalesce(x.tied, FALSE) AS tied,
    x.expected AS place,
    CASE
        WHEN p.author_kind = 'contact' THEN 'contact ' || person.intercom_id
        ELSE 'admin ' || CASE WHEN p.author_key IS NULL THEN own.migration_admin_id ELSE a.admin_id END
    END AS author,
    CASE WHEN a.via = 'fallback' THEN
        '<p><b>Originally by ' || in_html(coalesce(agent.name, 'unknown agent'))
        || coalesce(' &lt;' || in_html(nullif(agent.email, '')) || '&gt;', '')
        || ' (' || source_label() || ')</b></p>' ELSE '' END AS byline,
    byline || p.body AS text,
    byline || p.files_alone AS files_alone,
    files.sent::VARCHAR AS files_sent
FROM every p
CROSS JOIN plan.own_admins own
LEFT JOIN verified.applied_writes person
    ON p.author_kind = 'contact' AND person.object = 'contact' AND person.source_key = p.author_key
LEFT JOIN plan.admin_ids a ON p.author_kind = 'admin' AND a.agent_id = p.author_key
LEFT JOIN target.admins agent ON p.author_kind = 'admin' AND agent.source_key = p.author_key
LEFT JOIN (SELECT part_key, count(*) AS sent FROM plan.files WHERE sent GROUP BY part_key) files
    ON files.part_key = p.source_key
LEFT JOIN verified.part_order x ON x.source_key = p.source_key
