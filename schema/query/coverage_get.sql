-- What does this span say?
SELECT id, cluster, since, until, how, reason, job
FROM coverage
WHERE id = :id;
