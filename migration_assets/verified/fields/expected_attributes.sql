-- And of its custom attributes, which stand in one column.
UNION ALL BY NAME
SELECT '{object}' AS object, t.source_key, 'attribute.' || a.name AS field, value_at(t."{column}", a.name) AS value
FROM {records} t JOIN target.attributes a ON a.model = '{model}'
WHERE {where}
