-- The tickets' own times, once their messages' are settled as far as they can be.
CREATE OR REPLACE TEMP TABLE spans AS
SELECT ticket_id, min(created_at) AS first_at, max(created_at) AS last_at
FROM clean.messages SEMI JOIN overlapping_tickets USING (ticket_id) GROUP BY ticket_id;

-- A ticket is opened with its first message: where that was in the minute of the later instant, this one is meant.
UPDATE clean.overlaps o SET meant = 'later'
FROM clean.tickets t JOIN spans s USING (ticket_id)
WHERE o.object = 'tickets' AND o."column" = 'created_at' AND o.meant IS NULL AND t._row = o.row
    AND s.first_at >= o.later AND s.first_at < o.later + INTERVAL 1 MINUTE;

-- It is closed, and changed for the last time, after it was opened and after its messages, if one of the two instants is.
CREATE OR REPLACE TEMP TABLE floors AS
SELECT t._row, greatest(coalesce(o.earlier, t.created_at),
        CASE o.meant WHEN 'later' THEN o.later ELSE o.earlier END) AS created_at, s.last_at
FROM clean.tickets t SEMI JOIN overlapping_tickets USING (ticket_id)
LEFT JOIN spans s USING (ticket_id)
LEFT JOIN clean.overlaps o ON o.object = 'tickets' AND o."column" = 'created_at' AND o.row = t._row;

UPDATE clean.overlaps o SET meant = 'later'
FROM floors f
WHERE o.object = 'tickets' AND o."column" IN ('closed_at', 'updated_at') AND f._row = o.row
    AND ((f.created_at > o.earlier AND f.created_at <= o.later) OR (f.last_at > o.earlier AND f.last_at <= o.later));

-- And it is not changed for the last time before it is closed.
UPDATE clean.overlaps o SET meant = 'later'
FROM clean.tickets t
LEFT JOIN clean.overlaps c ON c.object = 'tickets' AND c."column" = 'closed_at' AND c.row = t._row
WHERE o.object = 'tickets' AND o."column" = 'updated_at' AND o.row = t._row
    AND CASE c.meant WHEN 'later' THEN c.later ELSE t.closed_at END > o.earlier
    AND CASE c.meant WHEN 'later' THEN c.later ELSE t.closed_at END <= o.later;

DROP TABLE spans;
DROP TABLE floors;
DROP TABLE said;
