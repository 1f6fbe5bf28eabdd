-- What was done since the migration, as far as touches were looked for. In: observed.touches, observed.fields,
-- verified.applied_writes (`home`: the record that parts are of). Put in: what the touches of a message and of a field are
-- called, and who the author is. Out, as temporary tables: answered_since, the records into which their customer has
-- written a message that is newer than all that is ours; edited_since, the fields that no longer hold what our write left.
CREATE OR REPLACE TEMP TABLE answered_since AS
WITH ours AS (
    SELECT coalesce(k.home, k.source_key) AS record_key, max(TRY_CAST(o.value AS BIGINT)) AS newest
    FROM observed.fields o JOIN verified.applied_writes k ON k.object = o.object AND k.source_key = o.source_key
    WHERE o.field = 'created_at' GROUP BY ALL
)
SELECT DISTINCT t.object, t.source_key
FROM observed.touches t LEFT JOIN ours ON ours.record_key = t.source_key
WHERE t.code = '{answered}' AND t."by" = '{customer}' AND t."at" > coalesce(ours.newest, 0);

CREATE OR REPLACE TEMP TABLE edited_since AS
SELECT DISTINCT object, source_key, what FROM observed.touches WHERE code = '{edited}';
