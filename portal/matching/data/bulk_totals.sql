-- What each pair weighs against its rivals, in bits, and which are worth a closer look:
-- `posterior.weigh` and `settling.is_worth_keeping`, with a little to spare for rounding.
WITH summed AS (
  SELECT l.*, k.least, w_reference.present AS numbers,
    k.unites AND (
      l.offence LIKE '%/same' OR l.offence LIKE '%/downgrade' OR l.offence LIKE '%/rare-downgrade'
    ) AS united,
    CASE
      WHEN l.surname LIKE 'same%' OR l.surname = 'part' OR l.telephone = 'same'
        OR l.email = 'same' THEN 0
      ELSE 1
    END AS apart,
    $sums
  FROM levels AS l
  JOIN kinds AS k ON k.kind = l.kind
  $joins
),
gained AS (
  SELECT *, CASE WHEN united THEN greatest(numbers - present - apart, 0)
      + log2(1 + pow(2, greatest(-abs(present + apart - numbers), -1000))) ELSE 0 END AS gain
  FROM summed
),
moved AS (
  SELECT report, record, $fields, odd, least, united, apart,
    unrelated + gain AS unrelated, another + gain AS another, household + gain AS household,
    CASE WHEN united THEN present + apart + gain ELSE present END AS present
  FROM gained
),
housed AS (
  SELECT *,
    CASE
      WHEN united AND apart = 0 THEN household
      ELSE least(household, present)
        - log2(1 + pow(2, greatest(-abs(household - present), -1000)))
    END AS housemate
  FROM moved
),
lowest AS (
  SELECT *, least(unrelated, another, housemate) AS top FROM housed
),
weighed AS (
  SELECT *, top - log2(
      pow(2, greatest(top - unrelated, -1000)) + pow(2, greatest(top - another, -1000))
      + pow(2, greatest(top - housemate, -1000))
    ) AS total
  FROM lowest
)
SELECT report, record, $fields, odd, unrelated, another, housemate, total
FROM weighed
WHERE odd OR total >= least - 0.001
