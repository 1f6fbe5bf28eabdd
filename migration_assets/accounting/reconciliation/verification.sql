SELECT
    object, sum(compared)::BIGINT AS came, (sum(equal) + sum(explained))::BIGINT AS went,
    coalesce(list({words: 'different: ' || field, rows: different} ORDER BY different DESC, field)
        FILTER (WHERE different > 0), []) AS reasons
FROM in_verdict_fields GROUP BY object
