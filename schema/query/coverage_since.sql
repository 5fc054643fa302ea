-- Since when is this cluster watched, gaps or not?
SELECT since
FROM coverage
WHERE cluster = :cluster
	AND how IN ('watched', 'gap')
ORDER BY id
LIMIT 1;
