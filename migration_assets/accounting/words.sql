-- What holds a write back, in words. What `waits` is only for a person to let in; all else is a failure.
-- In: intercom_objects, the registry (objects/tables.py).
CREATE OR REPLACE TEMP TABLE hold_words AS
SELECT * FROM (VALUES
    ('agent_not_in_intercom', TRUE, 'waits for an agent who is not in Intercom'),
    ('team_not_in_intercom', TRUE, 'waits for a team that is not in Intercom'),
    ('customer_quarantined', TRUE, 'waits for its customer, whose row is in quarantine'),
    ('contradicts_intercom', TRUE, 'waits for a person to say whether it is the one in Intercom that contradicts it'),
    ('another_write_unresolved', FALSE, 'it is not known whether another write of its conversation was executed'),
    ('an_earlier_write_failed', FALSE, 'an earlier write of its conversation failed')
) words(code, waits, words)
UNION ALL
SELECT name || '_failed', FALSE, 'its ' || replace(name, '_', ' ') || ' failed' FROM intercom_objects WHERE needed
UNION ALL
SELECT name || '_unresolved', FALSE, 'it is not known whether its ' || replace(name, '_', ' ') || ' is in Intercom'
FROM intercom_objects WHERE needed;

-- Why what was loaded is in Intercom no more, in words.
CREATE OR REPLACE TEMP TABLE loss_words AS
SELECT * FROM (VALUES
    ('deleted_in_intercom', 'deleted in Intercom after it was loaded'),
    ('archived_in_intercom', 'archived in Intercom after it was loaded'),
    ('merged_in_intercom', 'merged into another contact in Intercom after it was loaded')
) words(code, words);
