-- What became of the migrated records since. In: plan.journal, plan.wanted, plan.own_admins, observed.gone,
-- observed.tickets, observed.ticket_parts, verdict.differences (if anything was verified), in_hypercare(since, now).
-- Out: hypercare.gone, hypercare.edited, hypercare.replied. Keys, names of fields, counts and times only.

CREATE SCHEMA IF NOT EXISTS hypercare;

CREATE OR REPLACE TABLE hypercare.gone AS
SELECT g.object, g.source_key AS itco_id, g.intercom_id,
    CASE g.code
        WHEN 'archived_in_intercom' THEN 'archived'
        WHEN 'merged_in_intercom' THEN 'merged into another contact'
        ELSE 'deleted'
    END AS what
FROM observed.gone g
ORDER BY ALL;

-- What somebody did in our tickets since, other than writing: assignments, states, attributes, tags.
CREATE OR REPLACE TEMP TABLE ours AS
SELECT source_key, intercom_id FROM plan.journal
WHERE object = 'conversation' AND operation = 'create' AND intercom_id IS NOT NULL;

CREATE OR REPLACE TEMP TABLE foreign_parts AS
SELECT o.source_key, p.*
FROM observed.ticket_parts p
JOIN ours o ON o.intercom_id = p.ticket_id
ANTI JOIN plan.journal j ON j.object = 'part' AND j.intercom_id = p.part_id
CROSS JOIN in_hypercare h
WHERE p.created_at >= h.since;

CREATE OR REPLACE TABLE hypercare.edited AS
SELECT 'conversation' AS object, f.source_key AS itco_id, any_value(f.ticket_id) AS intercom_id,
    string_agg(DISTINCT replace(f.part_type, '_', ' '), ', ' ORDER BY replace(f.part_type, '_', ' ')) AS what
FROM foreign_parts f CROSS JOIN plan.own_admins a
WHERE NOT f.said AND f.author_type IN ('admin', 'team') AND f.author_id IS DISTINCT FROM a.migration_admin_id
GROUP BY f.source_key
UNION ALL
SELECT object, source_key, any_value(intercom_id),
    string_agg(DISTINCT field, ', ' ORDER BY field) AS what
FROM in_differences
GROUP BY object, source_key
ORDER BY ALL;

CREATE OR REPLACE TABLE hypercare.replied AS
SELECT
    source_key AS itco_id,
    any_value(ticket_id) AS intercom_id,
    count(*) FILTER (author_type IN ('user', 'contact', 'lead')) AS by_customers,
    count(*) FILTER (author_type NOT IN ('user', 'contact', 'lead')) AS by_teammates,
    strftime(to_timestamp(max(created_at)) AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S') AS last_at,
    -- Of two in one second the later one has the greater id.
    arg_max(author_type, row(created_at, try_cast(part_id AS HUGEINT))) IN ('user', 'contact', 'lead')
        AND max(created_at) < any_value(h.now) - 86400 AS waits
FROM foreign_parts CROSS JOIN in_hypercare h
WHERE said AND NOT redacted
GROUP BY source_key
ORDER BY waits DESC, last_at DESC, itco_id;
