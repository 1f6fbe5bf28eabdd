-- What holds a write of an object (`said_of`) back, in words. What `waits` is only for a person to let in, and its rows have the
-- code `row_code`; all else is a failure.
-- In: intercom_objects, the registry (objects/tables.py); wait_reasons(code, words, row_code), from the rooms.
CREATE OR REPLACE TEMP TABLE hold_words AS
WITH named AS (SELECT name AS said_of, replace(record_object, '_', ' ') AS record FROM intercom_objects),
needed AS (SELECT name, replace(name, '_', ' ') AS noun FROM intercom_objects WHERE needed)
SELECT said_of, code, TRUE AS waits, row_code, words FROM named CROSS JOIN wait_reasons
UNION ALL
SELECT said_of, code, FALSE, NULL, words FROM named CROSS JOIN LATERAL (VALUES
    ('another_write_unresolved', 'it is not known whether another write of its ' || record || ' was executed'),
    ('an_earlier_write_failed', 'an earlier write of its ' || record || ' failed')
) own(code, words)
UNION ALL
SELECT said_of, name || '_failed', FALSE, NULL, 'its ' || noun || ' failed' FROM named CROSS JOIN needed
UNION ALL
SELECT said_of, name || '_unresolved', FALSE, NULL, 'it is not known whether its ' || noun || ' is in Intercom'
FROM named CROSS JOIN needed;

-- Why what was loaded of an object is in Intercom no more, in words.
CREATE OR REPLACE TEMP TABLE loss_words AS
SELECT o.name AS said_of, l.code, l.words || ' after it was loaded' AS words
FROM intercom_objects o CROSS JOIN LATERAL (VALUES
    ('deleted_in_intercom', 'deleted in Intercom'),
    ('archived_in_intercom', 'archived in Intercom'),
    ('merged_in_intercom', 'merged into another ' || replace(o.record_object, '_', ' ') || ' in Intercom')
) l(code, words);
