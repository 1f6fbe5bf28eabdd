-- Per file, and over all of them (file IS NULL): how many cells of a list column have each mark. `commas` are the cells
-- that have a comma and no other mark; `recurring` those of which every piece is found in another cell, too. Lists as a
-- program writes them, in brackets, show nothing.
WITH cells AS (
    SELECT _file AS file, trim({column}) AS cell
    FROM {table}
    WHERE trim({column}) <> '' AND NOT regexp_full_match(trim({column}), '(?s)\[.*\]|\{.*\}')
),
distinct_cells AS (
    SELECT cell, NOT regexp_matches(cell, '[;|\r\n]') AND contains(cell, ',') AS with_comma
    FROM (SELECT DISTINCT cell FROM cells)
),
pieces AS (
    SELECT DISTINCT cell, with_comma, lower(trim(unnest(string_split_regex(cell, '[,;|\r\n]')))) AS piece
    FROM distinct_cells
),
seen AS (SELECT piece, count(*) AS in_cells FROM pieces WHERE piece <> '' GROUP BY piece),
recurring AS (
    SELECT cell FROM pieces JOIN seen USING (piece) WHERE with_comma GROUP BY cell HAVING min(in_cells) > 1
)
SELECT
    cells.file,
    count(*) AS filled,
    count(*) FILTER (contains(cell, ';')) AS semicolons,
    count(*) FILTER (contains(cell, '|')) AS bars,
    count(*) FILTER (regexp_matches(cell, '[\r\n]')) AS lines,
    count(*) FILTER (distinct_cells.with_comma) AS commas,
    count(*) FILTER (recurring.cell IS NOT NULL) AS recurring,
    count(*) FILTER (regexp_matches(cell, '[,;|\r\n]')) AS separated
FROM cells
JOIN distinct_cells USING (cell)
LEFT JOIN recurring USING (cell)
GROUP BY GROUPING SETS ((cells.file), ())
ORDER BY cells.file NULLS FIRST
