SELECT
    object, sum(records)::BIGINT AS came, sum(landed)::BIGINT AS went,
    list_filter([
        {words: 'could not be read as a row of their file', rows: sum(quarantined)::BIGINT}
    ], lambda reason: reason.rows > 0) AS reasons
FROM in_raw_files GROUP BY object
