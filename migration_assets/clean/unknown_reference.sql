-- Rows of a child that refer to a parent which is not in clean. A parent that was landed is held back itself.
SELECT
    child._row,
    CASE
        WHEN EXISTS (
            FROM quarantine.faults AS fault
            WHERE fault.object = '{parent_name}' AND fault.severity = 'row' AND fault.key = child.{column}
        ) THEN '{quarantined_rule}'
        ELSE '{rule}'
    END AS rule,
    '{name}' AS "column",
    child.{column} AS found
FROM clean.{child} AS child
ANTI JOIN clean.{parent} AS parent ON parent.{parent_key} = child.{column}
WHERE child.{column} IS NOT NULL
