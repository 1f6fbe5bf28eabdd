-- What became of the migrated records since. In: observed.deleted_in_intercom, what the rooms say of others, verdict.differences (if
-- anything was verified), in_hypercare(since, now).
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

CREATE OR REPLACE TEMP TABLE foreign_parts AS
{foreign};

-- What somebody did in our records since, other than writing: assignments, states, attributes, tags.
CREATE OR REPLACE TABLE hypercare.edited AS
SELECT f.object, f.source_key AS itco_id, any_value(f.intercom_id) AS intercom_id,
    string_agg(DISTINCT replace(f.part_type, '_', ' '), ', ' ORDER BY replace(f.part_type, '_', ' ')) AS what
FROM foreign_parts f WHERE NOT f.said AND f.by_colleague
GROUP BY f.object, f.source_key
UNION ALL
SELECT object, source_key, any_value(intercom_id),
    string_agg(DISTINCT field, ', ' ORDER BY field) AS what
FROM in_differences
GROUP BY object, source_key
ORDER BY ALL;

CREATE OR REPLACE TABLE hypercare.replied AS
SELECT
    source_key AS itco_id,
    any_value(intercom_id) AS intercom_id,
    count(*) FILTER (by_customer) AS by_customers,
    count(*) FILTER (NOT by_customer) AS by_teammates,
    strftime(to_timestamp(max(created_at)) AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S') AS last_at,
    -- Of two in one second the later one has the greater id.
    arg_max(by_customer, row(created_at, try_cast(part_id AS HUGEINT)))
        AND max(created_at) < any_value(h.now) - 86400 AS waits
FROM foreign_parts CROSS JOIN in_hypercare h
WHERE said AND NOT redacted
GROUP BY object, source_key
ORDER BY waits DESC, last_at DESC, itco_id;
