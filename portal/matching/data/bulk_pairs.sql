-- Pairs that share a key within its days: `finding`, for rows that stand in memory.
SELECT $distinct ours.report, theirs.record
FROM report_keys AS ours
JOIN record_keys AS theirs ON theirs.$key = ours.$key
WHERE (
    ours.occurred_since IS NOT NULL AND theirs.first_day IS NOT NULL
    AND theirs.first_day <= ours.occurred_until AND theirs.last_day >= ours.occurred_since
  ) OR (
    (ours.occurred_since IS NULL OR theirs.first_day IS NULL)
    AND (ours.told_since IS NULL
      OR theirs.recorded_day BETWEEN ours.told_since AND ours.told_until)
  )
