-- One row per team that is in the extract or is named in it: a team that Intercom must have.
CREATE OR REPLACE TABLE target.teams AS
WITH RECURSIVE paths AS (
    SELECT team_id, name AS path FROM clean.teams
    WHERE parent_team_id IS NULL OR parent_team_id NOT IN (SELECT team_id FROM clean.teams)
    UNION ALL
    SELECT t.team_id, p.path || ' / ' || t.name FROM clean.teams t JOIN paths p ON p.team_id = t.parent_team_id
),
needed AS (
    SELECT needs_team AS team_id, count(*) AS tickets FROM target.conversations
    WHERE needs_team IS NOT NULL GROUP BY needs_team
),
everything AS (
    SELECT t.team_id, t.name, coalesce(p.path, t.name) AS path, TRUE AS known
    FROM clean.teams t LEFT JOIN paths p ON p.team_id = t.team_id
    UNION ALL
    SELECT team_id, 'Unknown team (' || source_label() || ' ' || team_id || ')',
        'Unknown team (' || source_label() || ' ' || team_id || ')', FALSE
    FROM needed WHERE team_id NOT IN (SELECT team_id FROM clean.teams)
),
shaped AS (
    SELECT e.team_id AS source_key, coalesce(m.intercom_name, e.name) AS name, e.path,
        coalesce(n.tickets, 0) AS tickets, e.known
    FROM everything e
    LEFT JOIN map.teams m ON m.source_name = fold(e.name)
    LEFT JOIN needed n ON n.team_id = e.team_id
),
with_payload AS (SELECT *, {payload} AS payload FROM shaped)
SELECT *, sha256(payload::VARCHAR) AS fingerprint FROM with_payload;
