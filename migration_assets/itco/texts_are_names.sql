-- Files of messages of which most texts are nothing but the name of somebody known, as where two headers are swapped.
-- In: raw.messages, raw.customers, raw.agents. A few such texts are an answer to a question for a name.
WITH names AS (
    SELECT lower(trim(name)) AS name FROM raw.customers
    UNION SELECT lower(trim(name)) FROM raw.agents
    UNION SELECT lower(trim(author_name)) FROM raw.messages
),
files AS (
    SELECT _file AS file, count(*) AS texts,
        count(*) FILTER (lower(trim(body)) IN (SELECT name FROM names WHERE name <> '')) AS named
    FROM raw.messages WHERE trim(body) <> '' GROUP BY ALL
)
SELECT file, 'body' AS "column", named AS rows,
    file || ': ' || named || ' of ' || texts || ' texts are nothing but the name of somebody.' AS found
FROM files WHERE named > 2 AND named * 2 > texts
