-- What of an object is still to be undone by this run. In: rollback.plan, rollback.outcomes; bound as $object.
-- Out: rollback.queue(position, …the plan's columns).
CREATE OR REPLACE TABLE rollback.queue AS
SELECT p.* REPLACE (row_number() OVER (ORDER BY p.position) - 1 AS position)
FROM rollback.plan p
ANTI JOIN rollback.outcomes o ON o.object = p.object AND o.source_key = p.source_key AND o.code IS DISTINCT FROM 'repeatable'
WHERE p.object = $object AND p.action IN ('delete', 'archive', 'restore', 'detach');
