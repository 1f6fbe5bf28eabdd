-- What comes after what where times do not tell it: by the ids where they are an order, else by the places in the file.
CREATE OR REPLACE TEMP TABLE written AS
SELECT m.message_id, m.ticket_id, seconds(m.created_at) AS written_at, a.author_type, a.kind,
    -- Ids of one length may be of hexadecimal digits, or other letters that count.
    CASE WHEN min(length(m.message_id)) OVER () = max(length(m.message_id)) OVER () THEN m.message_id
        ELSE id_order(m.message_id) END AS place, TRY_CAST(m.message_id AS HUGEINT) AS id, m._row, m._file, m._line, m.created_at
FROM target.authored a JOIN clean.messages m USING (message_id);

-- Steps from one message to the next by the same side: a side that is in another time zone leaves their order.
-- `proven`: times bear it out, or a file that has the newest first has every thread the other way round.
CREATE OR REPLACE TEMP TABLE ids_tell AS
WITH steps AS (
    SELECT sign(written_at - lag(written_at) OVER (PARTITION BY ticket_id, author_type ORDER BY place)) AS inside,
        sign(written_at - lag(written_at) OVER (PARTITION BY author_type ORDER BY place)) AS over_all,
        place < lag(place) OVER (PARTITION BY ticket_id, _file ORDER BY _row) AS backward
    FROM written
),
counted AS (
    SELECT count(*) FILTER (inside = 1) AS forth, count(*) FILTER (inside <> 0) AS pairs,
        count(*) FILTER (over_all = 1) AS all_forth, count(*) FILTER (over_all <> 0) AS all_pairs,
        count(*) FILTER (backward) AS backward, count(backward) AS neighbours
    FROM steps
),
numbered AS (
    -- Ids that differ in nothing but the number at their end are an order where little is known of their times.
    SELECT count(DISTINCT regexp_extract(message_id, '^(.*?)\d*$', 1)) = 1 AS numbers FROM written
)
SELECT CASE WHEN numbers THEN forth >= 0.75 * pairs AND (pairs >= 5 OR all_pairs < 20 OR all_forth >= 0.9 * all_pairs)
    ELSE forth >= 0.95 * pairs AND (pairs >= 20 OR all_pairs >= 20 AND all_forth >= 0.9 * all_pairs) END AS are_order,
    are_order AND (pairs > 0 OR neighbours >= 5 AND backward >= 0.95 * neighbours) AS proven
FROM counted, numbered;

-- Per file which way its threads run: 1 forward, -1 with the newest first, NULL where it has no order or no times tell.
CREATE OR REPLACE TEMP TABLE file_ways AS
WITH steps AS (
    SELECT _file, _row, sign(written_at - lag(written_at) OVER (PARTITION BY ticket_id, _file ORDER BY _row)) AS step,
        sign(written_at - lag(written_at) OVER (PARTITION BY ticket_id, _file, author_type ORDER BY _row)) AS same_side
    FROM written
),
counted AS (
    SELECT _file, min(_row) + max(_row) AS both_ends, count(*) FILTER (step = 1) AS forth, count(*) FILTER (step = -1) AS back,
        count(*) FILTER (same_side = 1) AS same_forth, count(*) FILTER (same_side = -1) AS same_back
    FROM steps GROUP BY _file
),
decided AS (
    SELECT _file, both_ends, if(same_forth + same_back > 0, same_forth, forth) AS forth,
        if(same_forth + same_back > 0, same_back, back) AS back, same_forth + same_back > 0 AS by_side
    FROM counted
)
SELECT _file, both_ends, CASE WHEN forth + back = 0 THEN NULL WHEN forth >= 0.8 * (forth + back) THEN 1
        -- One step back is a time that is wrong, not yet a file the other way round.
        WHEN back >= 0.8 * (forth + back) AND back >= 3 THEN -1 END AS way,
    -- A file that has the newest first, or no order at all, says nothing of an answer behind its question.
    CASE WHEN by_side THEN forth >= 0.8 * (forth + back) ELSE forth >= back END AS forward
FROM decided;

-- The order among messages of one time: `by_id` first, then `by_file`.
CREATE OR REPLACE TEMP TABLE in_order AS
SELECT w.message_id, CASE WHEN o.are_order THEN w.place END AS by_id,
    CASE WHEN f.way = -1 THEN f.both_ends - w._row ELSE w._row END AS by_file,
    o.proven OR f.way IS NOT NULL AS certain
FROM written w JOIN file_ways f USING (_file) CROSS JOIN ids_tell o;
