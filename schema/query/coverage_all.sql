-- What was watched, and what was not?
SELECT id, cluster, since, until, how, reason, job
FROM coverage;
