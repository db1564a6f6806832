-- The keys of `lot`, as blocking.plain_record_keys makes them; those of numbers stand in
-- `number_keys`. Whatever changes there changes here; a test compares them.
SELECT record, key, first_day, last_day, recorded_day
FROM (
  SELECT record, nullif(first_day, 0) AS first_day, nullif(last_day, 0) AS last_day, recorded_day,
    unnest([
      CASE WHEN telephone <> '' THEN 'telephone|' || telephone END,
      CASE WHEN email <> '' THEN 'email|' || email END,
      CASE WHEN unit <> '' THEN 'postcode|' || unit END,
      CASE WHEN is_born AND surname <> ''
        THEN 'birth-surname|' || birth_date || '|' || surname_sound END,
      CASE WHEN is_born AND forename <> ''
        THEN 'birth-forename|' || birth_date || '|' || forename_sound END,
      CASE WHEN is_born AND force <> '' THEN 'birth-force|' || birth_date || '|' || force END,
      CASE WHEN town <> '' AND surname <> ''
        THEN 'surname-town|' || surname_sound || '|' || town END,
      CASE WHEN town <> '' AND forename <> ''
        THEN 'forename-town|' || forename_sound || '|' || town END,
      CASE WHEN district <> '' AND surname <> ''
        THEN 'surname-district|' || surname_sound || '|' || district END,
      CASE WHEN forename <> '' AND surname <> ''
        THEN 'name|' || forename || '|' || surname END,
      CASE WHEN forename <> '' AND surname <> '' AND force <> ''
        THEN 'name-force|' || forename || '|' || surname || '|' || force END,
      CASE WHEN has_event THEN 'town-offence-day|' || town || '|' || offence || '|' || first_day END,
      CASE WHEN has_event AND last_day > first_day
        THEN 'town-offence-day|' || town || '|' || offence || '|' || (first_day + 1) END,
      CASE WHEN has_event AND last_day > first_day + 1
        THEN 'town-offence-day|' || town || '|' || offence || '|' || (first_day + 2) END
    ]) AS key
  FROM (
    SELECT *, length(birth_date) = 8 AS is_born,
      town <> '' AND offence <> '' AND first_day > 0 AND last_day - first_day < $longest_event
        AS has_event
    FROM lot
  )
)
WHERE key IS NOT NULL
UNION ALL
SELECT n.record, n.key, nullif(l.first_day, 0), nullif(l.last_day, 0), l.recorded_day
FROM number_keys AS n
JOIN lot AS l USING (record)
