-- Tickets that are in Intercom, each with what makes it worth a look. A ticket may be there for several reasons.
-- Columns: key, shown (its number), why, drawn (whether it is there by chance), rank (1 is the ugliest of its kind).
-- Parameter: seed.
WITH loaded AS (
    SELECT t.ticket_id, coalesce(t.ticket_number, t.ticket_id) AS ticket, t.customer_id, t.agent_id, t.subject
    FROM clean.tickets t
    WHERE t.ticket_id IN (
        SELECT c.ticket_id FROM target.conversations c JOIN observed.conversations o ON o.source_key = c.source_key
    )
),
written AS (
    SELECT
        ticket_id, count(*) AS messages,
        -- Letters outside ASCII survive or break together: the more there are, the more shows.
        sum(length(body) - length(regexp_replace(body, '[^\x00-\x7F]', '', 'g'))) AS odd
    FROM clean.messages GROUP BY ticket_id
),
attached AS (SELECT ticket_id, count(*) AS files FROM clean.attachments GROUP BY ticket_id),
missing AS (
    SELECT ticket_id FROM loaded
    WHERE agent_id IS NOT NULL AND agent_id NOT IN (SELECT agent_id FROM plan.admin_ids WHERE via = 'email')
    UNION
    SELECT ticket_id FROM target.thread
    WHERE author_type = 'agent' AND author_id IS NOT NULL AND author_id NOT IN (SELECT agent_id FROM clean.agents)
),
kinds AS (
    SELECT ticket_id, 'a long thread' AS why, messages::DOUBLE AS weight FROM written WHERE messages > 1
    UNION ALL
    SELECT ticket_id, 'many attachments', files FROM attached
    UNION ALL
    SELECT l.ticket_id, 'its customer was merged', 1 FROM loaded l
    JOIN target.contact_sources s ON s.customer_id = l.customer_id
    WHERE s.contact_key IN (SELECT contact_key FROM target.contact_sources WHERE role = 'merged')
    UNION ALL
    SELECT ticket_id, 'an agent is missing', 1 FROM missing
    UNION ALL
    SELECT ticket_id, 'unusual letters', odd FROM written WHERE odd > 0
    UNION ALL
    SELECT ticket_id, 'drawn at random', NULL FROM loaded
)
SELECT
    l.ticket_id AS key, l.ticket AS shown, k.why, k.weight IS NULL AS drawn,
    row_number() OVER (PARTITION BY k.why ORDER BY k.weight DESC, md5(l.ticket_id || '|' || $1)) AS rank
FROM kinds k JOIN loaded l USING (ticket_id)
ORDER BY k.why, rank
