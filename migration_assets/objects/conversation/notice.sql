-- How many of the plan's writes on the conversation route teammates may notice, by what they are.
-- In: plan.writes, plan.journal, target.parts. Counted is what this run may send: also what waits for the outcome of
-- a write of an earlier run, which is looked up before anything else.
WITH converted AS (
    SELECT source_key FROM plan.journal
    WHERE object = 'conversation' AND operation = 'update' AND intercom_id IS NOT NULL
),
due AS (
    SELECT object, source_key, record_key, operation FROM plan.writes
    WHERE record_object = 'conversation' AND (
        verdict IN ('send', 'unresolved')
        OR (verdict = 'held' AND reason IN ('another_write_unresolved', 'contact_unresolved', 'company_unresolved'))
    )
)
SELECT
    count(*) FILTER (w.object = 'conversation' AND w.operation = 'create') AS created,
    count(*) FILTER (p.author_kind = 'contact' AND c.source_key IS NULL) AS contact_replies,
    count(*) FILTER (w.object = 'conversation' AND w.operation = 'update' AND c.source_key IS NULL) AS conversions
FROM due w
LEFT JOIN target.parts p ON w.object = 'part' AND p.source_key = w.source_key
LEFT JOIN converted c ON c.source_key = w.record_key;
