-- What should be in Intercom now: every record that the plan covers and the journal has confirmed.
-- In: plan.journal, plan.writes, is_extra (objects/tables.py). Put in: the objects that are compared, those that others are part of, and those others;
-- the records that rooms have beside the journal's; the fields of names under which edits are noted.
-- Out: verified.applied_writes, where `home` is the record that one is part of, or that others are part of; verified.kept, the
-- fields that somebody has edited and that were left so.
CREATE OR REPLACE TABLE verified.applied_writes AS
WITH verdicts AS (
    SELECT object, source_key,
        -- Of several reasons why a record may differ the first one speaks.
        arg_min(
            CASE verdict
                WHEN 'immutable_changed' THEN 'changed_at_source'
                WHEN 'failed_before' THEN coalesce(reason, 'refused')
                WHEN 'unresolved' THEN 'unresolved'
                WHEN 'held' THEN 'held'
                ELSE 'not_sent_yet'
            END,
            list_position(['failed_before', 'immutable_changed', 'unresolved', 'send', 'held'], verdict)
        ) FILTER (verdict <> 'done' AND NOT is_extra(object, operation)) AS reason,
        coalesce(bool_or(verdict = 'failed_before' AND is_extra(object, operation)), FALSE) AS extra_refused
    FROM plan.writes GROUP BY object, source_key
),
made AS (
    SELECT object, source_key, any_value(parent_key) AS parent_key, any_value(intercom_id) AS intercom_id,
        bool_or(adopted) AS adopted
    FROM plan.journal
    WHERE operation IN ('create', 'upsert', 'attach', 'append') AND intercom_id IS NOT NULL
        AND list_contains({compared}, object)
    GROUP BY object, source_key
)
SELECT m.*, j.reason, j.extra_refused,
    CASE WHEN list_contains({wholes}, m.object) THEN m.source_key
        WHEN list_contains({parts}, m.object) THEN m.parent_key END AS home
FROM made m JOIN verdicts j USING (object, source_key)
{others};

-- A write names the fields that it left alone in its remark, by the names that people know.
CREATE OR REPLACE TABLE verified.kept AS
WITH named AS (
    SELECT object, source_key, unnest(json_extract_string(remark, '$.kept[*]')) AS name
    FROM plan.journal WHERE state = 'confirmed' AND error_code = 'edits'
)
SELECT DISTINCT n.object, n.source_key,
    unnest(coalesce(map_extract_value({edited_as}, n.object || '.' || n.name), [n.name, 'attribute.' || n.name])) AS field
FROM named n;
