WITH held AS (
    SELECT object, 'held back: ' || replace(rule, '_', ' ') AS words, count(*) AS rows
    -- A row that broke several rules is told under the first of them, so that the reasons add up.
    FROM (
        SELECT object, "row", min(rule) AS rule FROM in_quarantine_faults
        WHERE stage = 'clean' AND severity = 'row' GROUP BY object, "row"
    ) GROUP BY object, words
    UNION ALL
    SELECT
        object,
        if(reason IN ('corrected by a person', 'left out by a person'), reason,
            'superseded by a newer version of the same record') AS words,
        count(*)
    FROM in_clean_superseded GROUP BY object, words
),
told AS (SELECT object, list({words: words, rows: rows} ORDER BY rows DESC, words) AS reasons FROM held GROUP BY object)
SELECT f.object, f.landed AS came, c.rows AS went, coalesce(t.reasons, []) AS reasons
FROM (SELECT object, sum(landed)::BIGINT AS landed FROM in_raw_files GROUP BY object) f
JOIN cleaned c USING (object) LEFT JOIN told t USING (object)
