-- Which pairs can be worth keeping. The level of each field is left open as far as to tell it would
-- take a closer look: it is a class of levels (`screening.CLASSES`), by number. Rows of `sought` are
-- reports, those of `lot` records; `shared` are pairs whose numbers give a key in common.
WITH seen AS (
  SELECT p.report, p.record, r.is_odd, r.spare, r.present,
    CASE
      WHEN r.forename = '' OR c.forename = '' THEN $forename_missing
      WHEN r.forename = c.forename THEN r.forename_same
      WHEN r.groups = c.groups THEN $forename_nickname
      WHEN (contains(r.groups, ' ') OR contains(c.groups, ' '))
        AND list_has_any(string_split(r.groups, ' '), string_split(c.groups, ' '))
        THEN $forename_nickname
      WHEN (r.is_initial OR c.is_initial) AND r.forename_first = c.forename_first
        THEN $forename_initial
      WHEN r.forename_sound = c.forename_sound OR $forename_near THEN $forename_sounds
      WHEN r.has_more OR c.has_more THEN $forename_middle
      ELSE $forename_different
    END AS forename,
    CASE
      WHEN r.surname = '' OR c.surname = '' THEN $surname_missing
      WHEN r.surname = c.surname THEN r.surname_same
      WHEN r.is_double OR c.is_double THEN $surname_part
      WHEN r.surname_sound = c.surname_sound OR $surname_near THEN $surname_sounds
      ELSE $surname_different
    END AS surname,
    (r.surname <> '' AND r.surname = c.forename) OR (r.forename <> '' AND r.forename = c.surname)
      AS is_turned,
    CASE
      WHEN r.birth_date = '' OR length(c.birth_date) < 8 THEN CASE
        WHEN r.birth_year = '' OR c.birth_date = '' THEN $birth_date_missing
        WHEN r.birth_year = left(c.birth_date, 4) THEN $birth_date_year
        ELSE $birth_date_different
      END
      WHEN r.birth_date = c.birth_date THEN r.birth_same
      WHEN r.birth_crossed = c.birth_date THEN $birth_date_turned
      WHEN $birth_date_near THEN $birth_date_slip
      ELSE $birth_date_different
    END AS birth_date,
    CASE
      WHEN r.telephone = '' OR c.telephone = '' THEN $telephone_missing
      WHEN r.telephone = c.telephone THEN $telephone_same
      WHEN $telephone_near THEN $telephone_slip
      ELSE $telephone_different
    END AS telephone,
    CASE
      WHEN r.email = '' OR c.email = '' THEN $email_missing
      WHEN r.email = c.email THEN $email_same
      WHEN $email_near THEN $email_slip
      ELSE $email_different
    END AS email,
    CASE
      WHEN NOT r.has_numbers OR NOT c.has_numbers THEN $reference_missing
      WHEN s.report IS NULL THEN $reference_open
      WHEN s.by_figures THEN $reference_figures
      ELSE $reference_shared
    END AS reference,
    CASE
      WHEN r.unit <> '' AND r.unit = c.unit THEN $place_unit
      WHEN r.sector <> '' AND r.sector = c.sector THEN $place_sector
      WHEN r.district <> '' AND r.district = c.district THEN $place_district
      WHEN r.town <> '' AND c.town <> '' THEN
        CASE WHEN r.town = c.town THEN $place_town ELSE $place_different END
      WHEN r.district <> '' AND c.district <> '' THEN $place_different
      ELSE $place_missing
    END AS place,
    CASE
      WHEN r.force = '' OR c.force = '' THEN $force_missing
      WHEN r.force = c.force THEN $force_same
      ELSE $force_different
    END AS force,
    CASE
      WHEN r.occurred_first = 0 OR c.first_day = 0 THEN $when_missing
      WHEN greatest(c.first_day - r.occurred_last, r.occurred_first - c.last_day) > 0 THEN $gap
      ELSE $width
    END AS happened,
    CASE WHEN c.received = 0 THEN $recorded WHEN r.is_handed_over THEN $handed ELSE $received END
      AS basis,
    CASE
      WHEN c.day = 0 THEN $no_delay
      WHEN r.occurred_first > 0 AND c.day < r.occurred_first - 1 THEN $impossible
      WHEN r.told_first = 0 THEN $no_delay
      WHEN r.told_last - r.told_first >= $several AND c.day BETWEEN r.told_first AND r.told_last
        THEN $within
      ELSE $delay
    END AS delay,
    coalesce(o.class, $offence_missing) AS offence,
    coalesce(o.is_less, false) AS is_less
  FROM pairs AS p
  JOIN sought AS r ON r.report = p.report
  JOIN lot AS c ON c.record = p.record
  LEFT JOIN offence_classes AS o ON o.offences = r.offences AND o.code = c.offence
  LEFT JOIN shared AS s ON s.report = p.report AND s.record = p.record
),
weighed AS (
  -- The last part is what a home gains at most: levels.compare_near bounds it in the same way.
  SELECT report, record, is_odd, reference, $also
    spare + greatest(
      $forename_most + $surname_most, CASE WHEN is_turned THEN $turned_most ELSE -1000 END
    ) + $birth_date_most + $telephone_most + $email_most + $when_most + $delay_most + $offence_most
      + $place_most + CASE WHEN place IN ($place_missing, $place_different) THEN $force_most ELSE 0
    END + CASE WHEN is_less AND NOT isnan(present) THEN 1 + greatest(0, -(
      present + least(
        $forename_least + $surname_least, CASE WHEN is_turned THEN $turned_least ELSE 1000 END
      ) + $birth_date_least + $telephone_least + $email_least + $when_least + $delay_least
        + $offence_least + $place_least + CASE WHEN place IN ($place_missing, $place_different)
        THEN $force_least ELSE 0 END
    )) ELSE 0 END AS most
  FROM seen
),
likely AS MATERIALIZED (
  SELECT *
  FROM weighed
  WHERE is_odd OR $can_be_kept
),
told_apart AS (
  SELECT l.* EXCLUDE (reference),
    CASE
      WHEN l.reference NOT IN ($reference_open, $reference_figures) THEN l.reference
      WHEN l.reference = $reference_figures AND $run_same THEN $reference_shared
      WHEN r.force = '' AND $tail_near THEN $reference_shared
      WHEN $number_near THEN $reference_slip
      WHEN c.has_no_call THEN CASE WHEN r.is_of_calls THEN $reference_missing
        ELSE $reference_different END
      WHEN r.longest_typed <= length(c.call_figures) THEN $reference_part
      ELSE $reference_different
    END AS reference
  FROM likely AS l
  JOIN sought AS r ON r.report = l.report
  JOIN lot AS c ON c.record = l.record
)
SELECT report, record, $also $bound AS most
FROM told_apart
WHERE is_odd OR $can_be_kept
ORDER BY report, record
