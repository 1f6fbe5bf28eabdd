-- The records into which their customer has written after the migration: a message that is not ours, newer than all that
-- is ours. In: observed.touches, observed.fields, verified.applied_writes (`home`: the record that parts are of). Put in:
-- what the touch of a message is called, and who its author. Out: the temporary table answered_since.
CREATE OR REPLACE TEMP TABLE answered_since AS
WITH ours AS (
    SELECT coalesce(k.home, k.source_key) AS record_key, max(TRY_CAST(o.value AS BIGINT)) AS newest
    FROM observed.fields o JOIN verified.applied_writes k ON k.object = o.object AND k.source_key = o.source_key
    WHERE o.field = 'created_at' GROUP BY ALL
)
SELECT DISTINCT t.object, t.source_key
FROM observed.touches t LEFT JOIN ours ON ours.record_key = t.source_key
WHERE t.code = '{answered}' AND t."by" = '{customer}' AND t."at" > coalesce(ours.newest, 0);
