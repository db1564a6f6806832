-- What each pair weighs against its rivals, in bits, and which are worth a closer look:
-- `posterior.weigh` and `settling.is_worth_keeping`, with a little to spare for rounding.
WITH summed AS (
  SELECT l.*, k.least, $sums
  FROM levels AS l
  JOIN kinds AS k ON k.kind = l.kind
  $joins
),
housed AS (
  SELECT *, least(household, present)
    - log2(1 + pow(2, greatest(-abs(household - present), -1000))) AS housemate
  FROM summed
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
