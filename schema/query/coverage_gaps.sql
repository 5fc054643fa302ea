-- How many gaps does this cluster have that touch the time, and how long are
-- they in it?
SELECT count(*),
	total(min(iif(until, until, :until), :until) - max(since, :since))
FROM coverage
WHERE cluster = :cluster
	AND how = 'gap'
	AND since < :until
	AND (until = 0 OR until > :since);
