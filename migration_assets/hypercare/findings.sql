-- What became of the migrated records since. In: observed.deleted_in_intercom, observed.touches (objects/touch_book.py),
-- in_differences: of objects whose touches are not looked for, in_hypercare(since, now). Put in: the list of touches
-- (objects/touch_list.py).
-- Out: hypercare.deleted_in_intercom, hypercare.edited, hypercare.replied. Keys, names of fields, counts and times only.

CREATE SCHEMA IF NOT EXISTS hypercare;

CREATE OR REPLACE TABLE hypercare.deleted_in_intercom AS
SELECT d.object, d.source_key AS itco_id, d.intercom_id,
    CASE d.code
        WHEN 'archived_in_intercom' THEN 'archived'
        WHEN 'merged_in_intercom' THEN 'merged into another ' || replace(d.object, '_', ' ')
        ELSE 'deleted'
    END AS what
FROM observed.deleted_in_intercom d
ORDER BY ALL;

-- What somebody did in our records since, other than writing. An event has its time, a field has none.
CREATE OR REPLACE TEMP TABLE edited_since AS
WITH since_then AS (
    SELECT t.* FROM observed.touches t CROSS JOIN in_hypercare h WHERE t."at" IS NULL OR t."at" >= h.since
),
-- Whoever writes may open a conversation by it: that its state is another is then no edit.
answered AS (SELECT DISTINCT object, source_key FROM since_then WHERE code = 'answered'),
handled AS (SELECT DISTINCT object, source_key FROM since_then WHERE code = 'handled')
SELECT t.object, t.source_key, t.intercom_id, t.code, t.what, t."by"
FROM since_then t
LEFT JOIN answered a USING (object, source_key)
LEFT JOIN handled d USING (object, source_key)
WHERE t.code <> 'answered'
    AND NOT (t.code = 'edited' AND t.what = 'state' AND a.source_key IS NOT NULL AND d.source_key IS NULL)
UNION ALL BY NAME
SELECT object, source_key, intercom_id, 'edited' AS code, field AS what, NULL AS "by" FROM in_differences;

CREATE OR REPLACE TABLE hypercare.edited AS
{edited};

CREATE OR REPLACE TABLE hypercare.replied AS
SELECT
    t.source_key AS itco_id,
    any_value(t.intercom_id) AS intercom_id,
    count(*) FILTER (t."by" = 'the customer') AS by_customers,
    count(*) FILTER (t."by" <> 'the customer') AS by_teammates,
    strftime(to_timestamp(max(t."at")) AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S') AS last_at,
    -- Of two in one second the later one has the greater id.
    arg_max(t."by" = 'the customer', row(t."at", try_cast(t.part_id AS HUGEINT)))
        AND max(t."at") < any_value(h.now) - 86400 AS waits
FROM observed.touches t CROSS JOIN in_hypercare h
WHERE t.code = 'answered' AND t."at" >= h.since
GROUP BY t.object, t.source_key
ORDER BY waits DESC, last_at DESC, itco_id;
