-- Parts that could not be told apart: same ticket, author, second and text. Only tickets that have some are ordered
-- anew here; `step` says by how many seconds a part must follow the one before it.
CREATE OR REPLACE TEMP TABLE twins AS
WITH identified AS (
    SELECT d.source_key, d.ticket_id, d.n, d.sent_at, md5(d.body) AS text,
        -- Two agents with one e-mail are one Intercom admin.
        d.author_kind || ':' || coalesce(g.email, a.email, d.author_key, '') AS author
    FROM target.drafts d
    LEFT JOIN clean.agents a ON d.author_kind = 'admin' AND a.agent_id = d.author_key
    LEFT JOIN map.agents g ON d.author_kind = 'admin' AND g.agent_id = d.author_key
),
affected AS (
    SELECT DISTINCT ticket_id FROM (
        SELECT ticket_id FROM identified GROUP BY ticket_id, author, sent_at, text HAVING count(*) > 1)
)
SELECT i.*,
    CASE WHEN row_number() OVER (PARTITION BY i.ticket_id, i.author, i.sent_at, i.text ORDER BY i.n) > 1
         THEN 1 ELSE 0 END AS step,
    i.sent_at AS moved
FROM identified i SEMI JOIN affected USING (ticket_id);
