-- What was loaded and is in no row of the drop any more, and what is to become of it in Intercom by settings.gone.
-- In: plan.actions, plan.journal, plan.options. Out: verdict.vanished, which the step intercom/vanished completes:
-- one row per record; fate is reported (Intercom keeps it), or planned until it is known what became of it.
CREATE OR REPLACE TABLE verdict.vanished AS
WITH vanished AS (
    SELECT object, source_key FROM plan.actions
    WHERE action = 'gone' AND reason = 'in Intercom, but no longer in the extract'  -- guards.VANISHED
        AND object IN ('contact', 'company', 'conversation', 'part')
),
parts AS (
    SELECT DISTINCT source_key, parent_key FROM plan.journal
    WHERE object = 'part' AND operation = 'append' AND intercom_id IS NOT NULL
),
-- A ticket whose messages are still delivered was hardly deleted: its own row is what is missing.
halved AS (
    SELECT DISTINCT p.parent_key AS source_key
    FROM parts p ANTI JOIN vanished v ON v.object = 'part' AND v.source_key = p.source_key
),
judged AS (
    SELECT
        v.object, v.source_key, p.parent_key AS conversation_key,
        o.delete_gone AND (v.object <> 'part' OR c.source_key IS NOT NULL) AS delete_it,
        h.source_key IS NOT NULL AS halved
    FROM vanished v
    CROSS JOIN plan.options o
    LEFT JOIN parts p ON v.object = 'part' AND p.source_key = v.source_key
    -- A message goes with its conversation only: Intercom cannot delete one by itself.
    LEFT JOIN vanished c ON c.object = 'conversation' AND c.source_key = p.parent_key
    LEFT JOIN halved h ON v.object IN ('conversation', 'part')
        AND h.source_key = if(v.object = 'part', p.parent_key, v.source_key)
)
SELECT
    object, source_key, conversation_key,
    if(delete_it AND NOT halved, 'planned', 'reported') AS fate,
    CASE
        WHEN delete_it AND halved THEN 'the extract still has messages of the ticket'
        WHEN (SELECT delete_gone FROM plan.options) AND NOT delete_it
            THEN 'Intercom cannot delete a single message'
    END AS reason
FROM judged;
