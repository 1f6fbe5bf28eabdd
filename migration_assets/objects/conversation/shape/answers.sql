-- Answers that come after a question and bear an earlier time. What comes after what is told by the ids where they are an
-- order, else by the places in a file that is one: in a file sorted by time none is behind a later question.
CREATE OR REPLACE TEMP TABLE answered AS
SELECT t.message_id, t.ticket_id, t.written_at, t.ticket_at, t.author_type, t.source_kind = 'reply' AS said,
    -- Ids of one length may be of hexadecimal digits, or other letters that count.
    CASE WHEN min(length(t.message_id)) OVER () = max(length(t.message_id)) OVER () THEN t.message_id
        ELSE id_order(t.message_id) END AS place, TRY_CAST(t.message_id AS HUGEINT) AS id, m._row, m._file, m._line, m.created_at
FROM target.thread t JOIN clean.messages m USING (message_id);

-- Steps from one message to the next by the same side: a side that is in another time zone leaves their order.
CREATE OR REPLACE TEMP TABLE ids_tell AS
WITH steps AS (
    SELECT sign(written_at - lag(written_at) OVER (PARTITION BY ticket_id, author_type ORDER BY place)) AS inside,
        sign(written_at - lag(written_at) OVER (PARTITION BY author_type ORDER BY place)) AS over_all
    FROM answered
),
counted AS (
    SELECT count(*) FILTER (inside = 1) AS forth, count(*) FILTER (inside <> 0) AS pairs,
        count(*) FILTER (over_all = 1) AS all_forth, count(*) FILTER (over_all <> 0) AS all_pairs
    FROM steps
),
numbered AS (
    -- Ids that end in the one number that they have are an order where little is known of their times.
    SELECT coalesce(bool_and(regexp_full_match(message_id, '\D*\d+')), FALSE)
        AND count(DISTINCT regexp_extract(message_id, '^\D*')) = 1 AS numbers
    FROM answered
)
SELECT CASE WHEN numbers THEN forth >= 0.75 * pairs AND (pairs >= 5 OR all_pairs < 20 OR all_forth >= 0.9 * all_pairs)
    ELSE forth >= 0.95 * pairs AND (pairs >= 20 OR all_pairs >= 20 AND all_forth >= 0.9 * all_pairs) END AS are_order
FROM counted, numbered;

INSERT INTO doubt.rows
WITH steps AS (
    SELECT _file, sign(written_at - lag(written_at) OVER (PARTITION BY ticket_id, _file ORDER BY _row)) AS step,
        sign(written_at - lag(written_at) OVER (PARTITION BY ticket_id, _file, author_type ORDER BY _row)) AS same_side
    FROM answered
),
forward AS (
    -- A file that has the newest first, or no order at all, says nothing of what comes after what.
    SELECT _file FROM steps GROUP BY _file
    HAVING CASE WHEN count(*) FILTER (same_side <> 0) > 0
        THEN count(*) FILTER (same_side = 1) >= 0.8 * count(*) FILTER (same_side <> 0)
        ELSE count(*) FILTER (step = 1) >= count(*) FILTER (step = -1) END
),
ordered AS (
    SELECT a.*, o.are_order, CASE WHEN author_type = 'customer' THEN written_at END AS asked,
        CASE WHEN o.are_order THEN place END AS by_id
    FROM answered a, ids_tell o WHERE said
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
    AND (are_order OR _file IN (FROM forward) AND coalesce(id > asked_id, TRUE))
    -- What is before its ticket has been said.
    AND written_at >= ticket_at;

DROP TABLE answered;
DROP TABLE ids_tell;
