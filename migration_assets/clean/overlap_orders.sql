-- In which order the messages of a thread were written, where their ids or their file tell: what the known times of all
-- messages make of either order. Of very many messages, those of every n-th ticket are looked at.

CREATE OR REPLACE TEMP TABLE overlapping_tickets AS
SELECT DISTINCT ticket_id FROM (
    SELECT m.ticket_id FROM clean.overlaps o JOIN clean.messages m ON o.object = 'messages' AND m._row = o.row
    UNION ALL
    SELECT t.ticket_id FROM clean.overlaps o JOIN clean.tickets t ON o.object = 'tickets' AND t._row = o.row);

CREATE OR REPLACE TEMP TABLE known_times AS
SELECT m.ticket_id, m._file, m._row, m.message_id, m.created_at
FROM clean.messages m
WHERE hash(m.ticket_id) % (SELECT 1 + count(*) // 1000000 FROM clean.messages) = 0
    AND m._row NOT IN (SELECT row FROM clean.overlaps WHERE object = 'messages' AND "column" = 'created_at');

-- Per file: 1 where its threads run forward in time, -1 where backward (newest first), NULL where neither.
CREATE OR REPLACE TEMP TABLE file_orders AS
WITH steps AS (
    SELECT _file, sign(epoch_us(created_at) - epoch_us(lag(created_at) OVER (PARTITION BY ticket_id, _file ORDER BY _row))) AS step
    FROM known_times
),
counted AS (
    SELECT _file, count(*) FILTER (step = 1) AS forth, count(*) FILTER (step = -1) AS back FROM steps GROUP BY _file
)
SELECT f._file, CASE
        -- Without evidence a file is taken to be as most are: the oldest first.
        WHEN coalesce(forth, 0) >= 0.95 * (coalesce(forth, 0) + coalesce(back, 0)) THEN 1
        WHEN back >= 0.95 * (forth + back) THEN -1
    END AS direction
FROM (SELECT DISTINCT _file FROM clean.messages) f
LEFT JOIN counted c ON c._file = f._file;

-- Ids are an order where known times bear it out; where few are known, ids that end in the one number that they have.
CREATE OR REPLACE TEMP TABLE id_orders AS
WITH steps AS (
    SELECT sign(epoch_us(created_at) - epoch_us(lag(created_at) OVER (PARTITION BY ticket_id ORDER BY id_order(message_id)))) AS step
    FROM known_times
),
counted AS (SELECT count(*) FILTER (step = 1) AS forth, count(*) FILTER (step <> 0) AS pairs FROM steps)
SELECT m.ticket_id
FROM clean.messages m SEMI JOIN overlapping_tickets USING (ticket_id) CROSS JOIN counted c
GROUP BY m.ticket_id, c.forth, c.pairs
HAVING c.forth >= 0.95 * c.pairs AND (c.pairs >= 20
    OR (bool_and(regexp_full_match(m.message_id, '\D*\d+'))
        AND count(DISTINCT regexp_extract(m.message_id, '^\D*')) = 1));

DROP TABLE known_times;
