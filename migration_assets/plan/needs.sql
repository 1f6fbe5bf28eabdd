-- What the records of one object need of another one in Intercom; a SELECT of the view plan.needs.
SELECT
    '{object}' AS object, t.source_key, '{record_object}' AS record_object, t.{record_column} AS record_key,
    '{scope_object}' AS scope_object, t.{scope_column} AS scope_key,
    '{needed}' AS needed_object, t.{column} AS needed_key, {essential} AS essential
FROM {records} t WHERE ({where}) AND ({needed_where})
