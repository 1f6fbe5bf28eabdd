-- What should be in Intercom now: every record that the plan covers and the journal has confirmed.
-- In: plan.journal, plan.writes, plan.files. Out: verified.standing, where `home` is the conversation that a record is
-- in; verified.kept, the fields that somebody has edited and that were left so.
CREATE OR REPLACE TABLE verified.standing AS
WITH judged AS (
    SELECT object, source_key,
        -- Of several reasons why a record may differ the first one speaks.
        arg_min(
            CASE verdict
                WHEN 'immutable_changed' THEN 'changed_at_source'
                WHEN 'failed_before' THEN coalesce(reason, 'refused')
                WHEN 'unresolved' THEN 'unresolved'
                ELSE 'not_sent_yet'
            END,
            list_position(['failed_before', 'immutable_changed', 'unresolved', 'send', 'held'], verdict)
        ) FILTER (verdict <> 'done' AND operation <> 'priority') AS reason,
        coalesce(bool_or(verdict = 'failed_before' AND operation = 'priority'), FALSE) AS priority_refused
    FROM plan.writes GROUP BY object, source_key
),
made AS (
    SELECT object, source_key, any_value(parent_key) AS parent_key, any_value(intercom_id) AS intercom_id,
        bool_or(adopted) AS adopted
    FROM plan.journal
    WHERE operation IN ('create', 'upsert', 'attach', 'append') AND intercom_id IS NOT NULL
        AND object <> 'conversation_tag'
    GROUP BY object, source_key
)
SELECT m.*, j.reason, j.priority_refused,
    CASE m.object WHEN 'conversation' THEN m.source_key WHEN 'part' THEN m.parent_key END AS home
FROM made m JOIN judged j USING (object, source_key)
UNION ALL
SELECT 'attachment', f.attachment_key, f.part_key, p.intercom_id || '/' || f.attachment_key, FALSE, j.reason, FALSE,
    p.parent_key
FROM plan.files f
JOIN made p ON p.object = 'part' AND p.source_key = f.part_key
JOIN judged j ON j.object = 'part' AND j.source_key = f.part_key
WHERE f.sent;

-- A write names the fields that it left alone, a line each (intercom/edits.py), by the names that people know.
CREATE OR REPLACE TABLE verified.kept AS
WITH lines AS (
    SELECT object, source_key, unnest(string_split(error_message, chr(10))) AS line
    FROM plan.journal WHERE state = 'confirmed' AND error_code = 'edits'
),
named AS (SELECT object, source_key, substr(line, 6) AS name FROM lines WHERE line LIKE 'kept %')
SELECT DISTINCT object, source_key, unnest(CASE name
    WHEN 'title' THEN ['title', 'inbox_title']
    WHEN 'description' THEN ['description', 'opening']
    WHEN 'state' THEN ['state', 'ticket_state', 'snoozed_until']
    WHEN 'assignee' THEN ['assignee_admin', 'assignee_team']
    WHEN 'company_id' THEN ['company']
    ELSE [name, 'attribute.' || name]
END) AS field
FROM named;
