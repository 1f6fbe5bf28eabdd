-- Threads that no people wrote, because nobody writes that fast: an import has stamped them with its own times.
INSERT INTO doubt.rows
WITH said AS (
    SELECT ticket_id, author_type, had_files, written_at,
        written_at - lag(written_at) OVER of_thread AS step, lag(author_type) OVER of_thread AS before
    FROM target.thread WHERE source_kind = 'reply'
    WINDOW of_thread AS (PARTITION BY ticket_id ORDER BY written_at, position)
),
threads AS (
    SELECT ticket_id, count(*) AS messages, max(written_at) - min(written_at) AS span,
        bool_or(author_type = 'customer') AND bool_or(author_type = 'agent') AS two_sided,
        -- Several pictures are sent in one second.
        count(*) FILTER (author_type IN ('customer', 'agent') AND NOT had_files) AS texts,
        CASE WHEN min(step) = max(step) THEN max(step) END AS pace,
        bool_or(coalesce(author_type = 'agent' AND before = 'customer' AND step <= 5, FALSE)) AS receipt
    FROM said GROUP BY ticket_id HAVING count(*) > 1
),
precise AS (
    -- Where no time has seconds, those of one minute need not be of one second.
    SELECT count(*) < 200 OR bool_or(written_at % 60 <> 0) AS has_seconds FROM said
),
judged AS (
    SELECT *, coalesce(two_sided AND messages > 2 AND span <= 5
        OR two_sided AND messages > 3 AND span <= 5 * (messages - 1)
        OR messages > 4 AND pace BETWEEN 1 AND 30
        OR NOT two_sided AND texts > 2 AND span < messages AND has_seconds, FALSE) AS stamped,
        -- Two may be a question and a program's receipt, or one that was sent twice.
        messages = 2 AND (two_sided AND span <= 5 OR texts = 2 AND span <= 1) AS pair
    FROM threads, precise
),
known AS (
    SELECT bool_or(receipt AND NOT stamped AND NOT pair) AS receipts, avg((stamped OR pair)::INTEGER) >= 0.2 AS many
    FROM judged
)
SELECT 'target/parts', 'tickets', 'thread_within_seconds', 'created_at', ticket_id, i._file, i._line,
    t.messages || ' messages within ' || t.span || ' s', 1
FROM judged t JOIN target.live_tickets i USING (ticket_id) CROSS JOIN known
WHERE t.stamped OR t.pair AND (known.many OR t.two_sided AND t.span = 0 AND t.has_seconds AND NOT known.receipts);
