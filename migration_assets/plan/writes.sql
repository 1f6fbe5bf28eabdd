-- Every write that the target state needs, each with the fingerprint of what it carries.
-- In: the records of every object, plan.scope, intercom_objects, plan.journal. Out: plan.taken_off, plan.desired.
-- `step` is the order within a record; record_object and record_key say which record a write belongs to.

-- What may be on a record and is not wanted there any more. What hangs on a record that is deleted in source, or leads to
-- one, stays: such records are left as they are.
CREATE OR REPLACE TABLE plan.taken_off AS
WITH put_on AS (
    SELECT object, source_key, parent_key, write_id FROM plan.journal
    WHERE operation = 'attach' AND (state IN ('confirmed', 'intent', 'ambiguous') OR error_code = 'repeatable')
)
{taken_off};

CREATE OR REPLACE TABLE plan.desired AS
SELECT object, source_key, parent_key, operation, step::BIGINT AS step, fingerprint, record_object, record_key FROM (
    {desired}
)
UNION ALL
-- Each time anew: what is put on, taken off, put on again may have to be taken off again.
SELECT object, source_key, parent_key, 'take_off', a.step, sha256('off ' || a.write_id), b.record_object,
    CASE WHEN b.record_object = object THEN source_key ELSE parent_key END
FROM plan.taken_off a JOIN intercom_objects b ON b.name = object;
