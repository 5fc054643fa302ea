-- What is the last span of this cluster?
SELECT id, since, until, how, reason
FROM coverage
WHERE cluster = :cluster
	AND how IN ('watched', 'gap')
ORDER BY id DESC
LIMIT 1;
