-- The faults of temp._comparison_faults, with the place and the key of the rows they stand in.
SELECT
    $1::VARCHAR AS object,
    {key} AS key,
    _file AS file,
    _line AS line,
    _row AS row,
    'clean' AS stage,
    fault.rule,
    fault."column",
    $2::VARCHAR AS severity,
    fault.found
FROM temp._comparison_faults AS fault
JOIN {table} USING (_row)
ORDER BY _row
