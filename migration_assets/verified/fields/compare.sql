-- Compares what the chosen records of one object show with what they should show. Put in are the object's name, whether
-- it is part of another one, what normalisations know of any object beside the two values, the expression that names what
-- explains a difference (objects/explaining.py), the fields that the mapping accepts as Intercom shows them, and those
-- that a customer's message may change by itself.
-- In: written (written.sql), answered_since and edited_since (touched_since.sql), plan.answered_otherwise,
-- expected_{object}, observed.fields, verified.*.
-- Out: its rows of verdict.fields, verdict.differences and verdict.explained.

CREATE OR REPLACE TEMP VIEW joined AS
SELECT e.*, o.value AS found, e.value AS expected, k.intercom_id, k.reason, k.adopted, k.extra_refused,
    filled.field IS NOT NULL AS filled,
    CASE
        WHEN EXISTS (
            SELECT 1 FROM plan.answered_otherwise answer
            WHERE answer.object = e.object AND answer.source_key = e.source_key
                AND list_contains(coalesce(map_extract_value({shown_together}, e.field), [e.field]), answer.field)
        -- Where it no longer holds what that answer has shown either, somebody has changed it since.
        ) THEN if(edited.source_key IS NULL, 'not_taken', 'changed_since')
        -- What the target has nothing for is nothing that we would have written.
        WHEN e.value IS NULL THEN 'changed_since'
        WHEN NOT w.written THEN 'never_written'
        WHEN w.found_again THEN 'answer_lost'
        WHEN since.source_key IS NOT NULL AND list_contains({moved_by_answers}, e.field) THEN 'answered_since'
        ELSE 'changed_since'
    END AS how_written,
    list_has_any(
        list_transform(coalesce(map_extract_value({shown_together}, e.field), [e.field]),
            lambda name: e.object || '.' || name),
        {accepted}) AS acceptable,
    kept.field IS NOT NULL AS kept,
    there.source_key IS NOT NULL AS there,
    coalesce(redaction.value = 'true', FALSE) AS redacted,
    cut.source_key IS NOT NULL AS cut_off,
    coalesce(cut.field = e.field, FALSE) AS counts_all
FROM (
    FROM expected_{object}
    -- What only some objects have is nothing in the others.
    UNION ALL BY NAME SELECT {context} WHERE FALSE
) e
JOIN verified.applied_writes k ON k.object = e.object AND k.source_key = e.source_key
SEMI JOIN verified.chosen c ON c.object = e.object AND c.source_key = e.source_key
LEFT JOIN observed.fields o ON o.object = e.object AND o.source_key = e.source_key AND o.field = e.field
LEFT JOIN observed.fields there
    ON there.object = e.object AND there.source_key = e.source_key AND there.field = 'present'
LEFT JOIN observed.fields redaction
    ON redaction.object = e.object AND redaction.source_key = e.source_key AND redaction.field = 'redacted'
LEFT JOIN verified.filled filled
    ON filled.object = e.object AND filled.source_key = e.source_key AND filled.field = e.field
LEFT JOIN verified.kept kept
    ON kept.object = e.object AND kept.source_key = e.source_key AND kept.field = e.field
-- Most fields are carried by the write that makes the record, some by one of their own.
LEFT JOIN ({apart}) apart ON apart.field = e.field
LEFT JOIN written w ON w.object = coalesce(apart.object, e.object) AND w.record_key = e.source_key
    AND w.operation = coalesce(apart.operation, '{operation}')
LEFT JOIN edited_since edited ON edited.object = e.object AND edited.source_key = e.source_key
    AND e.field IN (edited.what, 'attribute.' || edited.what)
LEFT JOIN answered_since since ON since.object = e.object AND since.source_key = e.source_key
LEFT JOIN verified.cut_short cut ON cut.source_key = k.home;

CREATE OR REPLACE TEMP TABLE compared AS
WITH explained AS (
    SELECT *, expected IS NOT DISTINCT FROM found AS equal,
        CASE WHEN expected IS DISTINCT FROM found THEN {explaining} END AS normalisation
    FROM (
        -- What the mapping accepts as Intercom shows it: not what was changed since, and not that a record is missing.
        SELECT *, acceptable AND how_written IN ('not_taken', 'answer_lost') AND reason IS NULL AND field <> 'present'
            AS accepted
        FROM joined
    )
    -- Of a record that is not there nothing else can be compared.
    WHERE there OR field = 'present' OR cut_off
)
SELECT object, source_key, field, intercom_id, normalisation,
    CASE
        WHEN cut_off AND ({is_part} AND NOT there OR counts_all) THEN 'unverifiable'
        WHEN equal THEN 'equal'
        WHEN normalisation IS NOT NULL THEN 'explained'
        ELSE 'different'
    END AS status,
    -- The texts of what is equal are not kept twice.
    CASE WHEN equal THEN NULL ELSE expected END AS expected,
    CASE WHEN equal THEN NULL ELSE found END AS found,
    CASE
        WHEN redacted THEN 'redacted_in_intercom'
        -- A record that was renamed may be taken for gone by those who look for it by its name.
        WHEN there THEN CASE WHEN reason IN ('deleted_in_intercom', 'archived_in_intercom', 'merged_in_intercom')
            THEN 'changed_since'
            -- Of an adopted record only what we filled was ever ours.
            ELSE coalesce(reason, if(adopted AND NOT filled, 'held_before_adoption', how_written)) END
        ELSE coalesce(reason, 'not_in_intercom')
    END AS reason
FROM explained;

DELETE FROM verdict.fields WHERE object = '{object}';
INSERT INTO verdict.fields BY NAME
SELECT object, field,
    count(*) FILTER (status <> 'unverifiable') AS compared,
    count(*) FILTER (status = 'equal') AS equal,
    count(*) FILTER (status = 'explained') AS explained,
    count(*) FILTER (status = 'different') AS different,
    count(*) FILTER (status = 'unverifiable') AS unverifiable
FROM compared GROUP BY object, field;

DELETE FROM verdict.differences WHERE object = '{object}';
INSERT INTO verdict.differences BY NAME
SELECT object, source_key, field, expected, found, intercom_id, reason FROM compared WHERE status = 'different';

DELETE FROM verdict.answers_settled WHERE object = '{object}' AND source_key IN (SELECT source_key FROM compared);
DELETE FROM verdict.explained WHERE object = '{object}';
INSERT INTO verdict.explained BY NAME
SELECT object, field, normalisation, count(*) AS fields, min(source_key) AS example
FROM compared WHERE status = 'explained' GROUP BY object, field, normalisation;

-- What an answer had shown otherwise, and is now found to be as it should be, is settled. What is only accepted is not:
-- it stays in the report, and is open again when it is accepted no longer.
INSERT INTO verdict.answers_settled BY NAME
SELECT a.object, a.source_key, a.field, a.write_id
FROM plan.answered_otherwise a JOIN compared c USING (object, source_key, field)
WHERE c.status IN ('equal', 'explained') AND c.normalisation IS DISTINCT FROM 'accepted_by_the_mapping';

DROP TABLE compared;
