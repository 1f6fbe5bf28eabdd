-- The source's agents beside Intercom's admins.
-- In: target.admins, observed.admins(id, name, email), plan.options.
-- Out: plan.own_admins (the migration's own), plan.admin_ids.
CREATE OR REPLACE TABLE plan.own_admins AS
SELECT
    (SELECT min(a.id::BIGINT)::VARCHAR FROM observed.admins a WHERE lower(trim(a.email)) = o.migration_admin)
        AS migration_admin_id,
    (SELECT min(a.id::BIGINT)::VARCHAR FROM observed.admins a WHERE lower(trim(a.email)) = o.fallback_admin)
        AS fallback_admin_id
FROM plan.options o;

CREATE OR REPLACE TABLE plan.admin_ids AS
WITH by_email AS (
    SELECT lower(trim(email)) AS email, min(id::BIGINT)::VARCHAR AS admin_id
    FROM observed.admins WHERE email IS NOT NULL GROUP BY ALL
)
SELECT
    t.source_key AS agent_id,
    coalesce(b.admin_id, own.fallback_admin_id) AS admin_id,
    CASE WHEN b.admin_id IS NOT NULL THEN 'email' ELSE 'fallback' END AS via
FROM target.admins t
CROSS JOIN plan.options o
CROSS JOIN plan.own_admins own
LEFT JOIN by_email b ON b.email = lower(trim(t.email))
WHERE b.admin_id IS NOT NULL OR o.unmatched = 'fallback';
