-- The columns of a lot, and what is asked of them pair by pair.
SELECT *,
  CASE WHEN received > 0 THEN received ELSE recorded_day END AS day,
  ltrim(number_figures, '0') AS number_run,
  ltrim(number_bare, '0') AS number_bare_run,
  ltrim(call_figures, '0') AS call_run,
  ltrim(call_bare, '0') AS call_bare_run,
  ltrim(call_figures, '0') = '' AS has_no_call,
  ltrim(number_figures, '0') <> '' OR ltrim(call_figures, '0') <> '' AS has_numbers
FROM given
