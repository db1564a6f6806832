-- The levels of levels.compare, field by field, for one row of `reports` and one of `records`.
-- DuckDB and Spark both take it. Whatever changes there changes here; a test compares them.
WITH near AS (
  SELECT p.report, p.record, r.kind, r.odd OR c.odd AS odd,
    CASE
      WHEN r.forename = '' OR c.forename = '' THEN 'missing'
      WHEN r.forename = c.forename THEN r.forename_same
      WHEN arrays_overlap(r.forename_groups, c.forename_groups) THEN 'nickname'
      WHEN array_contains(c.forenames, r.forename) OR array_contains(r.forenames, c.forename)
        THEN 'middle'
      WHEN (r.forename_is_initial OR c.forename_is_initial)
        AND r.forename_first = c.forename_first THEN 'initial'
      WHEN $forename_slip THEN 'sounds'
      WHEN r.forename_sound = c.forename_sound THEN 'sounds'
      ELSE 'different'
    END AS forename,
    CASE
      WHEN r.surname = '' OR c.surname = '' THEN 'missing'
      WHEN r.surname = c.surname THEN r.surname_same
      WHEN (r.surname_is_double OR c.surname_is_double)
        AND arrays_overlap(r.surname_all, c.surname_all) THEN 'part'
      WHEN $surname_slip THEN 'sounds'
      WHEN r.surname_sound = c.surname_sound THEN 'sounds'
      ELSE 'different'
    END AS surname,
    CASE
      WHEN r.surname = c.forename AND c.surname = r.forename THEN 'swapped'
      WHEN r.surname = '' AND c.surname = r.forename THEN r.forename_as_surname
      WHEN c.surname = '' AND r.surname = c.forename THEN r.forename_as_surname
      ELSE ''
    END AS turned_round,
    CASE
      WHEN r.birth_date = '' OR c.birth_date = '' THEN CASE
        WHEN r.birth_year = '' OR c.birth_year = '' THEN 'missing'
        WHEN r.birth_year = c.birth_year THEN 'year'
        ELSE 'different'
      END
      WHEN r.birth_date = c.birth_date THEN r.birth_same
      WHEN r.birth_crossed = c.birth_date THEN 'turned'
      WHEN levenshtein(r.birth_date, c.birth_date) <= 1
        OR array_contains(r.birth_turned, c.birth_date) THEN 'slip'
      ELSE 'different'
    END AS birth_date,
    CASE
      WHEN r.telephone = '' OR c.telephone = '' THEN 'missing'
      WHEN r.telephone = c.telephone THEN 'same'
      WHEN $telephone_slip THEN 'slip'
      ELSE 'different'
    END AS telephone,
    CASE
      WHEN r.email = '' OR c.email = '' THEN 'missing'
      WHEN r.email = c.email THEN 'same'
      WHEN $email_slip THEN 'slip'
      ELSE 'different'
    END AS email,
    CASE
      WHEN arrays_overlap(r.crimes, c.numbers) THEN 'same'
      WHEN arrays_overlap(r.crime_runs, c.number_runs) THEN 'run'
      WHEN arrays_overlap(r.numbers, c.calls) OR arrays_overlap(r.calls, c.calls)
        OR arrays_overlap(r.calls, c.numbers) THEN 'incident'
      WHEN size(r.numbers) + size(r.calls) = 0 OR size(c.numbers) + size(c.calls) = 0
        THEN 'missing'
      WHEN arrays_overlap(r.call_runs, c.number_runs) THEN 'run'
      WHEN arrays_overlap(r.number_runs, c.call_runs)
        OR arrays_overlap(r.call_runs, c.call_runs) THEN 'incident'
      WHEN $number_slip THEN 'slip'
      WHEN $call_slip THEN 'near-incident'
      WHEN (r.force = '' OR r.force = c.force) AND arrays_overlap(r.tails, c.tails) THEN 'tail'
      WHEN size(c.calls) = 0 THEN CASE WHEN r.of_calls THEN 'missing' ELSE 'different' END
      WHEN size(array_except(r.typed, c.call_parts)) = 0 THEN 'missing'
      ELSE 'different'
    END AS reference,
    CASE
      WHEN r.unit <> '' AND r.unit = c.unit THEN 'unit'
      WHEN r.sector <> '' AND r.sector = c.sector THEN 'sector'
      WHEN r.district <> '' AND r.district = c.district THEN 'district'
      WHEN r.town <> '' AND c.town <> '' THEN
        CASE WHEN r.town = c.town THEN 'town' ELSE 'different' END
      WHEN r.district <> '' AND c.district <> '' THEN 'different'
      ELSE 'missing'
    END AS place,
    CASE
      WHEN r.occurred_first IS NULL OR c.occurred_first IS NULL THEN 'missing'
      WHEN greatest(c.occurred_first - r.occurred_last, r.occurred_first - c.occurred_last) > 0
        THEN $gap
      ELSE $width
    END AS happened,
    CASE WHEN c.received IS NULL THEN 'recorded' WHEN r.handed THEN 'handed' ELSE 'received' END
      AS basis,
    CASE
      WHEN coalesce(c.received, c.recorded) IS NULL THEN 'missing'
      WHEN r.occurred_first IS NOT NULL
        AND coalesce(c.received, c.recorded) < r.occurred_first - 1 THEN 'impossible'
      WHEN r.told_first IS NULL THEN 'missing'
      ELSE $delay
    END AS delay,
    coalesce(o.level, 'missing') AS offence,
    CASE
      WHEN r.force = '' OR c.force = '' THEN 'missing'
      WHEN r.force = c.force THEN 'same'
      ELSE 'different'
    END AS force
  FROM pairs AS p
  JOIN reports AS r ON r.report = p.report
  JOIN records AS c ON c.record = p.record
  LEFT JOIN offence_levels AS o ON o.offences = r.offences AND o.code = c.offence
)
SELECT report, record, kind, odd,
  CASE WHEN is_turned AND turned_round = 'swapped' THEN 'swapped'
    WHEN is_turned THEN 'missing' ELSE forename END AS forename,
  CASE WHEN is_turned THEN turned_round ELSE surname END AS surname,
  birth_date, telephone, email,
  CASE WHEN reference = 'missing' THEN 'missing'
    WHEN delay = 'missing' THEN concat('unknown/', reference)
    WHEN delay IN ($together) THEN concat('together/', reference)
    ELSE concat('apart/', reference) END AS reference,
  place, happened,
  CASE WHEN delay = 'missing' THEN 'missing'
    ELSE concat(time_group, '/', basis, '/', delay) END AS delay,
  CASE WHEN offence = 'missing' THEN 'missing'
    WHEN time_group = 'exact' THEN concat('exact/', offence)
    WHEN delay <> '$at_once' THEN concat('apart/', offence)
    WHEN time_group = 'overlap' THEN concat('overlap/', offence)
    ELSE concat('near/', offence) END AS offence,
  CASE WHEN place IN ('missing', 'different') THEN force ELSE 'missing' END AS force
FROM (
  SELECT *, $group AS time_group, forename = 'different' AND surname IN ('different', 'missing')
    AND turned_round <> '' AS is_turned
  FROM near
) AS told
