-- Every row whose key occurs more than once, with what becomes of it: 'kept', 'conflict', or why it is superseded.
-- Only the rows of temp._twice are read, so that the wide columns of all others never come into memory.
WITH faulty AS (
    SELECT DISTINCT row AS _row FROM quarantine.faults
    WHERE object = $1 AND stage = 'clean' AND severity = 'value'
),
candidates AS (
    SELECT
        _row,
        _file,
        _line,
        {key} AS key,
        {updated} AS updated,
        md5(to_json(row({content}))::VARCHAR) AS content,
        (faulty._row IS NOT NULL)::INTEGER AS faulty,
        (_row IN (SELECT row FROM raw.corrections WHERE object = $1))::INTEGER AS corrected
    FROM {table}
    LEFT JOIN faulty USING (_row)
    WHERE _row IN (SELECT _row FROM temp._twice)
),
versions AS (
    SELECT *, max(updated) OVER (PARTITION BY key) IS NOT NULL AS versioned
    FROM candidates
),
ranked AS (
    SELECT
        *,
        row_number() OVER best AS place,
        first_value(_row) OVER best AS kept_row,
        first_value(updated) OVER best AS kept_updated,
        first_value(content) OVER best AS kept_content,
        first_value(faulty) OVER best AS kept_faulty,
        first_value(corrected) OVER best AS kept_corrected
    FROM versions
    WINDOW best AS (
        PARTITION BY key
        -- Of two that neither a time nor a fault tells apart, the one that a person has looked at is the one meant.
        ORDER BY updated DESC NULLS LAST, faulty, corrected DESC, CASE WHEN versioned THEN -_row ELSE _row END
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
)
SELECT
    _row,
    _file,
    _line,
    key,
    kept_row,
    CASE
        WHEN place = 1 THEN 'kept'
        WHEN content = kept_content THEN 'exact copy'
        WHEN versioned AND updated IS NULL THEN 'without updated_at, another has one'
        WHEN versioned AND updated < kept_updated THEN 'older updated_at'
        WHEN faulty > kept_faulty AND kept_row > _row THEN 'corrected by a later row'
        WHEN corrected < kept_corrected THEN 'corrected by a person'
        WHEN versioned THEN 'same updated_at, a later row is kept'
        ELSE 'conflict'
    END AS verdict
FROM ranked
