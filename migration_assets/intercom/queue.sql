-- What a load has to do now. In: plan.writes (fresh), plan.needs, plan.journal, the object's records; it is bound as
-- $object.
-- Out: plan.ids, plan.missing, plan.queue(position, record_key).

CREATE OR REPLACE TABLE plan.ids AS
SELECT object, source_key, intercom_id FROM plan.journal
WHERE intercom_id IS NOT NULL AND operation IN ('create', 'upsert');

CREATE OR REPLACE TABLE plan.queue AS
WITH sends AS (
    SELECT DISTINCT record_key FROM plan.writes WHERE record_object = $object AND verdict = 'send'
),
needed AS (
    SELECT n.record_key, n.needed_object AS object, n.needed_key AS source_key
    FROM plan.needs n WHERE n.record_object = $object AND n.essential
    UNION ALL
    SELECT n.record_key, n.needed_object, n.needed_key
    FROM plan.needs n
    JOIN plan.writes w ON w.object = n.object AND w.source_key = n.source_key AND w.verdict = 'send'
    WHERE n.record_object = $object AND NOT n.essential
),
-- Something that the record needs is not in Intercom: it waits, and is counted as blocked.
missing AS (
    SELECT DISTINCT n.record_key
    FROM needed n ANTI JOIN plan.ids i ON i.object = n.object AND i.source_key = n.source_key
)
SELECT
    row_number() OVER (ORDER BY {first_by} NULLS FIRST, s.record_key) - 1 AS position,
    s.record_key
FROM sends s
ANTI JOIN missing m ON m.record_key = s.record_key
LEFT JOIN {records} t ON t.source_key = s.record_key;
