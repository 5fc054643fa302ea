-- What is the last span of this cluster?
SELECT id, since, until, how, reason
FROM coverage
WHERE cluster = :cluster
ORDER BY since DESC, id DESC
LIMIT 1;
