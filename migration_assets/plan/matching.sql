-- The source's agents and teams beside Intercom's admins and teams.
-- In: target.admins, target.teams, observed.admins(id, name, email), observed.teams(id, name), plan.options.
-- Out: plan.own_admins (the migration's own), plan.admin_ids, plan.team_ids, plan.reconciliation_queue.

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

CREATE OR REPLACE TABLE plan.team_ids AS
WITH folded AS (
    SELECT id::VARCHAR AS id, lower(regexp_replace(trim(name), '\s+', ' ', 'g')) AS name FROM observed.teams
),
-- A name that two Intercom teams share decides nothing.
by_name AS (
    SELECT name, min(id) AS id FROM folded GROUP BY name HAVING count(*) = 1
),
wanted AS (
    SELECT
        source_key,
        lower(regexp_replace(trim(name), '\s+', ' ', 'g')) AS name,
        lower(regexp_replace(trim(path), '\s+', ' ', 'g')) AS path
    FROM target.teams
)
SELECT
    w.source_key AS team_id,
    coalesce(p.id, n.id) AS intercom_team_id,
    CASE WHEN p.id IS NOT NULL THEN 'path' ELSE 'name' END AS via
FROM wanted w
LEFT JOIN by_name p ON p.name = w.path
LEFT JOIN by_name n ON n.name = w.name
WHERE coalesce(p.id, n.id) IS NOT NULL;

CREATE OR REPLACE TABLE plan.reconciliation_queue AS
SELECT
    'agent' AS kind, t.source_key, t.name, t.email AS email_or_path, t.tickets,
    CASE
        WHEN NOT t.known THEN 'the agents file does not name this agent'
        WHEN t.email IS NULL THEN 'no e-mail address'
        ELSE 'no admin with this e-mail address in Intercom'
    END || CASE WHEN o.unmatched = 'fallback' THEN '; the fallback admin stands in' ELSE '' END AS reason
FROM target.admins t CROSS JOIN plan.options o
WHERE t.source_key NOT IN (SELECT agent_id FROM plan.admin_ids WHERE via = 'email')
UNION ALL
SELECT
    'team', t.source_key, t.name, t.path, t.tickets,
    CASE
        WHEN (SELECT count(*) FROM observed.teams i
            WHERE lower(regexp_replace(trim(i.name), '\s+', ' ', 'g'))
                = lower(regexp_replace(trim(t.name), '\s+', ' ', 'g'))) > 1
            THEN 'several teams with this name in Intercom'
        ELSE 'no team with this name in Intercom'
    END || CASE WHEN o.unmatched = 'fallback' THEN '; its tickets go without a team' ELSE '' END
FROM target.teams t CROSS JOIN plan.options o
WHERE t.source_key NOT IN (SELECT team_id FROM plan.team_ids)
ORDER BY kind, tickets DESC NULLS LAST, source_key;
