SELECT
    object, planned AS came, present AS went,
    list_filter([
        {words: 'refused by Intercom, or left for a next run', rows: failed},
        {words: 'written, but not found in Intercom', rows: greatest(planned - failed - present, 0)}
    ], lambda reason: reason.rows > 0) AS reasons
FROM in_verdict_loads
