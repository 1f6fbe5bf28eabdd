-- Which of its two instants each message means, as far as its thread tells.
-- A chain is a sequence in which no time is before the one that stands before it: `e` is the earlier and `l` the later
-- instant that a time may mean, the same where it is certain.
CREATE OR REPLACE TEMP TABLE said AS
SELECT m.ticket_id, m._file, m._row, m.message_id, coalesce(o.earlier, m.created_at) AS e, coalesce(o.later, m.created_at) AS l
FROM clean.messages m SEMI JOIN overlapping_tickets USING (ticket_id)
LEFT JOIN clean.overlaps o ON o.object = 'messages' AND o."column" = 'created_at' AND o.row = m._row;

CREATE OR REPLACE TEMP TABLE links AS
WITH opened AS (
    -- A ticket that is later than one of its messages in any case is no evidence.
    SELECT t.ticket_id, t._row, coalesce(o.earlier, t.created_at) AS e, coalesce(o.later, t.created_at) AS l
    FROM clean.tickets t SEMI JOIN overlapping_tickets USING (ticket_id)
    LEFT JOIN clean.overlaps o ON o.object = 'tickets' AND o."column" = 'created_at' AND o.row = t._row
    WHERE coalesce(o.earlier, t.created_at) <= (SELECT min(s.l) FROM said s WHERE s.ticket_id = t.ticket_id)
),
chained AS (
    SELECT 'ids' AS source, ticket_id AS chain, ticket_id, _row, e, l,
        row_number() OVER (PARTITION BY ticket_id ORDER BY id_order(message_id), _row) AS n
    FROM said SEMI JOIN id_orders USING (ticket_id)
    UNION ALL
    SELECT 'file', ticket_id || chr(10) || _file, ticket_id, _row, e, l,
        row_number() OVER (PARTITION BY ticket_id, _file ORDER BY _row * direction)
    FROM said JOIN file_orders USING (_file) WHERE direction IS NOT NULL
    UNION ALL
    SELECT 'ticket', ticket_id || chr(10) || _row, ticket_id, _row, e, l, 1 FROM said WHERE l > e
)
SELECT 'messages' AS object, * FROM chained
UNION ALL
SELECT 'tickets', c.source, c.chain, o.ticket_id, o._row, o.e, o.l, 0
FROM (SELECT DISTINCT source, chain, ticket_id FROM chained) c JOIN opened o USING (ticket_id);

-- The first time of a night that must be the later one makes all that follow it in that night later, and the last one
-- that must be the earlier one all before it. Clocks are put back at most once a month.
CREATE OR REPLACE TEMP TABLE verdicts AS
WITH framed AS (
    SELECT *, date_trunc('month', e) AS night,
        max(e) OVER (PARTITION BY source, chain ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
        min(l) OVER (PARTITION BY source, chain ORDER BY n ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS after
    FROM links
),
spread AS (
    SELECT *, coalesce(before > l OR after < e, FALSE) AS wrong,
        bool_or(coalesce(before > e, FALSE)) OVER (
            PARTITION BY source, chain, night ORDER BY n ROWS UNBOUNDED PRECEDING) AS is_later,
        bool_or(coalesce(after < l, FALSE)) OVER (
            PARTITION BY source, chain, night ORDER BY n DESC ROWS UNBOUNDED PRECEDING) AS is_earlier
    FROM framed WHERE l > e
),
sound AS (
    -- An order that the times contradict is none.
    SELECT * FROM spread
    QUALIFY NOT bool_or(wrong OR (is_later AND is_earlier)) OVER (PARTITION BY source, chain, night)
),
ranked AS (
    -- Ids count over the thread, places in a file within it: compared by what both have.
    SELECT i.ticket_id, i.night, row_number() OVER (PARTITION BY f.chain, f.night ORDER BY i.n) AS by_id,
        row_number() OVER (PARTITION BY f.chain, f.night ORDER BY f.n) AS by_place
    FROM sound i JOIN sound f ON i.source = 'ids' AND f.source = 'file' AND i.object = 'messages' AND f.object = 'messages'
        AND f._row = i._row
),
disputed AS (SELECT DISTINCT ticket_id, night FROM ranked WHERE by_id <> by_place)
SELECT object, _row, bool_or(is_later) AS is_later, bool_or(is_earlier) AS is_earlier
FROM sound s
WHERE source = 'ticket' OR NOT EXISTS (FROM disputed d WHERE d.ticket_id = s.ticket_id AND d.night = s.night)
GROUP BY object, _row;

UPDATE clean.overlaps SET meant = NULL WHERE object IN ('messages', 'tickets');
UPDATE clean.overlaps o SET meant = CASE WHEN v.is_later AND NOT v.is_earlier THEN 'later'
    WHEN v.is_earlier AND NOT v.is_later THEN 'earlier' END
FROM verdicts v WHERE o.object = v.object AND o.row = v._row AND o."column" = 'created_at';

DROP TABLE links;
DROP TABLE verdicts;
