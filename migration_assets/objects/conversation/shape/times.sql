-- Times that cannot be as they stand: doubts, each row by its file and line. What is shown is in order all the same.
INSERT INTO doubt.rows
SELECT 'target/parts', 'tickets', 'closed_before_created', 'closed_at', ticket_id, _file, _line,
    'opened ' || created_at || ', closed ' || closed_at, 1
FROM target.live_tickets WHERE seconds(closed_at) < seconds(created_at);

INSERT INTO doubt.rows
SELECT 'target/parts', 'messages', 'message_before_ticket', 'created_at', message_id, m._file, m._line,
    'written ' || m.created_at || ', ' || (t.ticket_at - t.written_at) || ' s before its ticket ' || t.ticket_id
    || CASE WHEN t.opened_at < t.ticket_at THEN '; the ticket is shown as opened with its earliest message'
        ELSE '; shown right after the question that the ticket was opened with' END, 1
FROM target.thread t JOIN clean.messages m USING (message_id)
WHERE t.written_at < t.ticket_at;

-- An answer that stands behind the question, by its place in the file and by its id where ids are numbers, and yet bears
-- an earlier time. A file that has the newest first says nothing of the kind.
INSERT INTO doubt.rows
WITH placed AS (
    SELECT t.message_id, t.ticket_id, t.written_at, t.ticket_at, t.author_type, t.source_kind = 'reply' AS said,
        TRY_CAST(t.message_id AS HUGEINT) AS id, m._row, m._file, m._line, m.created_at
    FROM target.thread t JOIN clean.messages m USING (message_id)
),
forward AS (
    SELECT _file FROM (
        SELECT _file, sign(written_at - lag(written_at) OVER (PARTITION BY ticket_id, _file ORDER BY _row)) AS step FROM placed)
    GROUP BY _file HAVING count(*) FILTER (step = 1) >= count(*) FILTER (step = -1)
),
questions AS (
    SELECT ticket_id, arg_min(written_at, _row) AS written_at, arg_min(created_at, _row) AS created_at,
        arg_min(id, _row) AS id, min(_row) AS _row
    FROM placed WHERE author_type = 'customer' AND said GROUP BY ticket_id
)
SELECT 'target/parts', 'messages', 'answer_before_question', 'created_at', a.message_id, a._file, a._line,
    'answered ' || a.created_at || ', asked ' || q.created_at || ' in ticket ' || a.ticket_id, 1
FROM placed a
JOIN questions q USING (ticket_id)
SEMI JOIN forward USING (_file)
WHERE a.author_type = 'agent' AND a.said AND a.written_at < q.written_at AND a._row > q._row
    AND coalesce(a.id > q.id, TRUE)
    -- What is before its ticket has been said.
    AND a.written_at >= a.ticket_at;

-- Customer and agent within five seconds: no people. A thread of two may be a program's receipt, so that these count only
-- where they are many.
INSERT INTO doubt.rows
WITH threads AS (
    SELECT ticket_id, count(*) AS messages, max(written_at) - min(written_at) <= 5
        AND bool_or(author_type = 'customer') AND bool_or(author_type = 'agent') AS at_once
    FROM target.thread WHERE source_kind = 'reply' GROUP BY ticket_id HAVING count(*) > 1
)
SELECT 'target/parts', 'tickets', 'thread_within_seconds', 'created_at', ticket_id, i._file, i._line,
    t.messages || ' messages of customer and agent within 5 s', 1
FROM threads t JOIN target.live_tickets i USING (ticket_id)
WHERE t.at_once AND (t.messages > 2 OR (SELECT avg(at_once::INTEGER) FROM threads) >= 0.2);
