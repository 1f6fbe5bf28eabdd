-- moved = the earliest second that is not before the part's own and follows its predecessor by `step`. With the running
-- sum of the steps taken off, that is a running maximum.
UPDATE twins t SET moved = m.moved
FROM (
    SELECT source_key, total + max(sent_at - total) OVER (PARTITION BY ticket_id ORDER BY n ROWS UNBOUNDED PRECEDING) AS moved
    FROM (SELECT source_key, ticket_id, n, sent_at,
              sum(step) OVER (PARTITION BY ticket_id ORDER BY n ROWS UNBOUNDED PRECEDING)::BIGINT AS total
          FROM twins)
) m
WHERE m.source_key = t.source_key;

-- A moved part may have reached the second of a later one with the same text, which then has to step aside too.
UPDATE twins t SET step = 1
FROM (SELECT source_key, row_number() OVER (PARTITION BY ticket_id, author, moved, text ORDER BY n) AS rank FROM twins) r
WHERE r.source_key = t.source_key AND r.rank > 1 AND t.step = 0;
