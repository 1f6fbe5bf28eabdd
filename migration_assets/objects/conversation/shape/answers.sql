-- Answers that come after a question and bear an earlier time. What comes after what is told by the ids where they are an
-- order, else by the places in a file that is one: in a file sorted by time none is behind a later question.
INSERT INTO doubt.rows
WITH ordered AS (
    SELECT w.*, t.ticket_at, o.are_order, CASE WHEN w.author_type = 'customer' THEN w.written_at END AS asked,
        CASE WHEN o.are_order THEN place END AS by_id
    FROM written w JOIN target.thread t USING (message_id) CROSS JOIN ids_tell o WHERE w.kind = 'reply'
),
behind AS (
    SELECT *, first_value(asked IGNORE NULLS) OVER before AS first_asked, max(asked) OVER before AS last_asked,
        arg_max(created_at, asked) OVER before AS asked_at, arg_max(id, asked) OVER before AS asked_id
    FROM ordered
    WINDOW before AS (PARTITION BY ticket_id ORDER BY by_id, _row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT 'target/parts', 'messages', 'answer_before_question', 'created_at', message_id, _file, _line,
    'answered ' || created_at || ', asked ' || asked_at || ' in ticket ' || ticket_id, 1
FROM behind
-- Who asks again while the answer is on its way has a clock of their own.
WHERE author_type = 'agent' AND (written_at < first_asked OR written_at < last_asked - 60)
    AND (are_order OR _file IN (SELECT _file FROM file_ways WHERE forward) AND coalesce(id > asked_id, TRUE))
    -- What is before its ticket has been said.
    AND written_at >= ticket_at;

-- Messages of one time of which nothing tells the first. What programs add to a thread may stand on either side, and so may
-- one that was sent twice.
INSERT INTO doubt.rows
WITH ranked AS (
    SELECT w.ticket_id, w.written_at, w.message_id, w.created_at, w._file, w._line, m.body, o.by_id, o.certain,
        rank() OVER (of_time ORDER BY o.by_id) <> rank() OVER (of_time ORDER BY o.by_file) AS crossed
    FROM written w JOIN in_order o USING (message_id) JOIN clean.messages m USING (message_id)
    WHERE w.author_type IS DISTINCT FROM 'system' AND coalesce(w.kind, '') NOT IN ('assignment', 'status_change')
    WINDOW of_time AS (PARTITION BY w.ticket_id, w.written_at)
),
judged AS (
    SELECT *, NOT bool_and(certain) OVER of_time AND (by_id IS NULL OR bool_or(crossed) OVER of_time)
        AND min(coalesce(body, '')) OVER of_time <> max(coalesce(body, '')) OVER of_time AS unknown
    FROM ranked
    WINDOW of_time AS (PARTITION BY ticket_id, written_at)
)
SELECT 'target/parts', 'messages', 'order_unknown', 'created_at', j.message_id, j._file, j._line,
    'written ' || j.created_at || ' in ticket ' || j.ticket_id || ', shown as its message ' || t.position, 1
FROM judged j JOIN target.thread t USING (message_id) WHERE j.unknown;

DROP TABLE written;
DROP TABLE ids_tell;
DROP TABLE file_ways;
DROP TABLE in_order;
