-- Conversations in which something goes wrong if anything does, with their contacts: of each sort the ten worst.
-- In: verified.applied_writes, target.*, plan.admin_ids, plan.journal.
WITH threads AS (
    SELECT c.source_key, count(p.source_key) AS parts, coalesce(sum(len(p.attachments)), 0) AS files,
        coalesce(bool_or(regexp_matches(p.body, '[^\x{00}-\x{24F}]')), FALSE) AS odd,
        coalesce(bool_or(a.via = 'fallback'), FALSE) AS stood_in
    FROM target.conversations c
    LEFT JOIN target.parts p ON p.conversation_key = c.source_key
    LEFT JOIN plan.admin_ids a ON p.author_kind = 'admin' AND a.agent_id = p.author_key
    GROUP BY c.source_key
),
sorts AS (
    SELECT 'longest thread' AS why, source_key, parts AS rank FROM threads WHERE parts > 0
    UNION ALL SELECT 'most files', source_key, files FROM threads WHERE files > 0
    UNION ALL SELECT 'odd characters', source_key, parts FROM threads WHERE odd
    UNION ALL SELECT 'missing agent', source_key, parts FROM threads WHERE stood_in
    UNION ALL SELECT 'continued thread', source_key, part_of FROM target.conversations WHERE part_of > 1
    UNION ALL SELECT 'merged ticket', source_key, created_at FROM target.conversations WHERE merged_into IS NOT NULL
    UNION ALL
    SELECT 'merged customer', c.source_key, c.created_at FROM target.conversations c
    JOIN target.contacts k ON k.source_key = c.contact_key
    WHERE json_extract_string(k.custom_attributes::JSON, '$."' || own_attribute('merged ids') || '"') IS NOT NULL
    UNION ALL
    SELECT 'deleted customer', c.source_key, c.created_at FROM target.conversations c
    JOIN target.contacts k ON k.source_key = c.contact_key AND k.placeholder
    UNION ALL
    -- Written more than once, or long in doubt.
    SELECT 'sent again', coalesce(j.parent_key, j.source_key), max(j.attempts) FROM plan.journal j
    WHERE j.attempts > 1 AND j.object IN ('conversation', 'part') AND j.operation IN ('create', 'append') GROUP BY 2
)
SELECT 'conversation' AS object, s.source_key, min(s.why) AS why
FROM (FROM sorts QUALIFY row_number() OVER (PARTITION BY why ORDER BY rank DESC, source_key) <= 10) s
JOIN verified.applied_writes k ON k.object = 'conversation' AND k.source_key = s.source_key
GROUP BY s.source_key
UNION ALL
SELECT 'contact', k.source_key, 'of an ugly conversation'
FROM verified.applied_writes k
WHERE k.object = 'contact' AND k.source_key IN (
    SELECT c.contact_key FROM target.conversations c
    JOIN (FROM sorts QUALIFY row_number() OVER (PARTITION BY why ORDER BY rank DESC, source_key) <= 10) s USING (source_key))
