-- One row per agent who is in the extract or is named in it: a person whom Intercom must have as an admin.
CREATE OR REPLACE TABLE target.admins AS
WITH needed AS (
    SELECT agent_id, count(*) AS tickets
    FROM (SELECT unnest(needs_agents) AS agent_id FROM target.conversations) GROUP BY agent_id
),
-- Agents who are not in agents.csv are known by what their messages say of them.
named AS (
    SELECT a.author_key AS agent_id, min(m.author_name) AS name, min(m.author_email) AS email
    FROM target.thread m
    JOIN target.authors a ON a.author_key = m.author_key AND a.author_kind = 'admin' AND m.author_kind = 'admin'
    WHERE m.author_key NOT IN (SELECT agent_id FROM clean.agents)
    GROUP BY a.author_key
),
everybody AS (
    SELECT agent_id, name, email, coalesce(active, TRUE) AS active, TRUE AS known FROM clean.agents
    UNION ALL
    SELECT n.agent_id,
        coalesce(a.name, 'Unknown agent (' || source_label() || ' ' || n.agent_id || ')'), a.email, FALSE, FALSE
    FROM needed n LEFT JOIN named a ON a.agent_id = n.agent_id
    WHERE n.agent_id NOT IN (SELECT agent_id FROM clean.agents)
),
shaped AS (
    SELECT e.agent_id AS source_key, e.name, coalesce(m.email, e.email) AS email, e.active,
        coalesce(n.tickets, 0) AS tickets, e.known
    FROM everybody e
    LEFT JOIN map.agents m ON m.agent_id = e.agent_id
    LEFT JOIN needed n ON n.agent_id = e.agent_id
),
with_payload AS (SELECT *, {payload} AS payload FROM shaped)
SELECT *, sha256(payload::VARCHAR) AS fingerprint FROM with_payload;
