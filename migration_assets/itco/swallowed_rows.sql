-- Rows of a file that stand within a cell of another row: a misplaced pair of quotes has taken them for text.
-- In: {table}, {key}, {column} and {delimiter} as SQL; {fields}, how many the header has; {place}, the cell's place in it,
-- from 1, and {key_place}, the key's; {typed}, {required} and {evidence}, tests of the list `cells`, which holds what
-- stands between the delimiters of a line; the parameters: the file, the column and the key's column.
-- The line before the first of them ends with what the row itself has behind the cell; the last of them ends with the cell.
WITH asked AS (SELECT ? AS file, ? AS place, ? AS key_name),
cells AS (
    SELECT _row, _line, trim({key}) AS key, string_split_regex({column}, '\r\n|\n|\r') AS lines
    FROM {table}
    WHERE _file = (SELECT file FROM asked) AND regexp_matches({column}, '[\r\n]')
        AND length({column}) - length(replace({column}, {delimiter}, '')) >= {place} - 1
),
numbered AS (SELECT *, unnest(range(2, len(lines) + 1)) AS nth FROM cells),
lines AS (
    SELECT _row, _line, key, nth = len(lines) AS is_last,
        list_transform(string_split(lines[nth], {delimiter}), lambda cell: nullif(trim(cell, ' "'), '')) AS cells
    FROM numbered
    WHERE length(lines[nth - 1]) - length(replace(lines[nth - 1], {delimiter}, '')) >= {fields} - {place}
),
candidates AS (
    SELECT *, cells[{key_place}] AS other, len(cells) = {fields} AS whole FROM lines
    WHERE (len(cells) = {fields} OR is_last AND len(cells) >= {place}) AND {required} AND {typed}
),
forms AS (SELECT DISTINCT key_form(trim({key})) AS form FROM {table} WHERE _file = (SELECT file FROM asked)),
neighbours AS (
    SELECT c.*, key_number(c.key) AS own, key_number(c.other) AS number,
        coalesce(key_number(trim(n.{key})), number + sign(number - own)) AS next
    FROM candidates c
    JOIN forms f ON f.form = key_form(c.other)
    LEFT JOIN {table} n ON n._file = (SELECT file FROM asked) AND n._row = c._row + 1
    WHERE c.other NOT IN (SELECT trim({key}) FROM {table} WHERE {key} IS NOT NULL)
),
found AS (
    SELECT _line, key, count(*) AS rows, list(other ORDER BY other)[1:3] AS keys FROM neighbours
    WHERE {evidence} OR coalesce(own < number AND number < next OR own > number AND number > next, FALSE)
    GROUP BY _line, key
)
SELECT place AS "column", key, file, _line AS line, rows,
    file || ':' || _line || ': the ' || place || ' of ' || key_name || ' ' || coalesce(key, '(none)') || ' holds '
    || if(rows = 1, 'another row of the file (', rows || ' other rows of the file (') || array_to_string(keys, ', ')
    || if(rows > 3, ', …', '') || '), since a quote is misplaced.' AS found
FROM found CROSS JOIN asked
