-- The source's teams beside Intercom's. In: target.teams, observed.teams(id, name). Out: plan.team_ids.
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
