-- What became of every row of every clean table: exactly one row each. A reason is stated for whatever is not loaded.
-- The rooms tell it of their own sources (their lineage files), the stage of what no room takes.
-- `skipped_by` is the name of the mapping's rule by which a row is skipped, where it is by one.
CREATE OR REPLACE TABLE target.lineage AS
SELECT object, row, key, CASE WHEN disposition = 'skipped' THEN NULL ELSE target_object END AS target_object,
    CASE WHEN disposition = 'skipped' THEN NULL ELSE target_key END AS target_key, disposition, reason, skipped_by
FROM ({told});
