-- What became of every row of every clean table: exactly one row each. A reason is stated for whatever is not loaded.
CREATE OR REPLACE TABLE target.lineage AS
WITH people AS (
    SELECT 'customers' AS object, c._row AS row, c.customer_id AS key, 'contacts' AS target_object,
        s.contact_key AS target_key,
        CASE WHEN k.rule IS NOT NULL THEN 'skipped' WHEN s.role = 'merged' THEN 'merged' ELSE 'load' END AS disposition,
        CASE
            WHEN k.rule IS NOT NULL THEN 'rule ' || k.rule
            WHEN s.role = 'merged' THEN 'the same person as a newer customer'
            WHEN n.rule IS NOT NULL THEN 'kept although rule ' || n.rule || ' fits: a loaded ticket needs the customer'
        END AS reason
    FROM clean.customers c
    LEFT JOIN target.skipped k ON k.object = 'customers' AND k."key" = c.customer_id
    LEFT JOIN target.kept n ON n.object = 'customers' AND n."key" = c.customer_id
    LEFT JOIN target.contact_sources s ON s.customer_id = c.customer_id AND s.role <> 'placeholder'
    UNION ALL
    SELECT 'companies', c._row, c.company_id, 'companies', s.company_key,
        CASE WHEN k.rule IS NOT NULL THEN 'skipped' WHEN s.role = 'merged' THEN 'merged' ELSE 'load' END,
        CASE WHEN k.rule IS NOT NULL THEN 'rule ' || k.rule
             WHEN s.role = 'merged' THEN 'the same domain as a newer company' END
    FROM clean.companies c
    LEFT JOIN target.skipped k ON k.object = 'companies' AND k."key" = c.company_id
    LEFT JOIN target.company_sources s ON s.company_id = c.company_id
),
threads AS (
    SELECT 'tickets' AS object, t._row AS row, t.ticket_id AS key, 'conversations' AS target_object,
        t.ticket_id AS target_key, CASE WHEN k.rule IS NULL THEN 'load' ELSE 'skipped' END AS disposition,
        'rule ' || k.rule AS reason
    FROM clean.tickets t
    LEFT JOIN target.skipped k ON k.object = 'tickets' AND k."key" = t.ticket_id
    UNION ALL
    SELECT 'messages', m._row, m.message_id, CASE WHEN h.opener THEN 'conversations' ELSE 'parts' END,
        CASE WHEN h.opener THEN m.ticket_id ELSE m.message_id END,
        CASE WHEN k.rule IS NULL AND j.rule IS NULL THEN 'load' ELSE 'skipped' END,
        CASE WHEN k.rule IS NOT NULL THEN 'rule ' || k.rule
             WHEN j.rule IS NOT NULL THEN 'ticket skipped by rule ' || j.rule
             WHEN h.opener THEN 'the opening message is the ticket''s description' END
    FROM clean.messages m
    LEFT JOIN target.thread h ON h.message_id = m.message_id
    LEFT JOIN target.skipped k ON k.object = 'messages' AND k."key" = m.message_id
    LEFT JOIN target.skipped j ON j.object = 'tickets' AND j."key" = m.ticket_id
    UNION ALL
    SELECT 'attachments', a._row, a.attachment_id, 'attachments', a.attachment_id,
        CASE WHEN l.rule IS NULL THEN 'load' ELSE 'skipped' END,
        CASE WHEN l.rule IN ('ticket_skipped', 'message_skipped', 'name_only', 'empty') THEN l.words
             WHEN l.rule IS NOT NULL THEN 'file left out: ' || l.words END
    FROM clean.attachments a
    LEFT JOIN target.left_out l ON l.attachment_id = a.attachment_id
),
-- Several attributes may carry one field (a boolean per option); the first stands for them.
carried AS (
    SELECT object, field, CASE object WHEN 'customer' THEN 'contact' ELSE object END || '.' || min(name) AS target_key
    FROM map.carriers GROUP BY object, field
),
reference_rows AS (
    SELECT 'agents' AS object, _row AS row, agent_id AS key, 'admins' AS target_object, agent_id AS target_key,
        'load' AS disposition, NULL AS reason FROM clean.agents
    UNION ALL
    SELECT 'teams', _row, team_id, 'teams', team_id, 'load', NULL FROM clean.teams
    UNION ALL
    SELECT 'tags', _row, tag, 'tags', fold(tag),
        CASE WHEN first THEN 'load' ELSE 'merged' END,
        CASE WHEN NOT first THEN 'differs from another tag only in case or spaces' END
    FROM (SELECT _row, tag, row_number() OVER (PARTITION BY fold(tag) ORDER BY tag) = 1 AS first FROM clean.tags)
    UNION ALL
    SELECT 'custom_fields', f._row, f.object || '.' || f.field, CASE WHEN c.field IS NOT NULL THEN 'attributes' END,
        c.target_key,
        CASE WHEN c.field IS NULL THEN 'skipped' ELSE 'load' END,
        CASE WHEN c.field IS NULL THEN 'not carried by the mapping: the field is in ignored_fields, or in no file' END
    FROM clean.custom_fields f
    LEFT JOIN carried c ON c.object = fold(f.object) AND c.field = 'cf_' || regexp_replace(
        regexp_replace(fold(f.field), '^cf_', ''), '[^a-z0-9]+', '_', 'g')
    UNION ALL
    SELECT 'team_members', _row, team_id || '|' || agent_id, NULL, NULL, 'skipped',
        'Intercom''s API cannot set who is in a team' FROM clean.team_members
    UNION ALL
    SELECT 'automations', _row, kind || '|' || name, NULL, NULL, 'skipped',
        'Intercom has no counterpart that its API can create; the hand-over names what to build by hand'
    FROM clean.automations
    UNION ALL
    SELECT 'articles', _row, article_id, NULL, NULL, 'skipped',
        'articles are not loaded yet; they stay in clean.articles' FROM clean.articles
)
SELECT object, row, key, CASE WHEN disposition = 'skipped' THEN NULL ELSE target_object END AS target_object,
    CASE WHEN disposition = 'skipped' THEN NULL ELSE target_key END AS target_key, disposition, reason
FROM (SELECT * FROM people UNION ALL SELECT * FROM threads UNION ALL SELECT * FROM reference_rows);
