-- What does the log say of a job in this time, in the log's order?
SELECT at, act, job, id_job, uid, detail, doubtful, line
FROM witness_line
WHERE cluster = :cluster
	AND id_job IN (:id_job, :root_id)
	AND at BETWEEN :from AND :to
ORDER BY witness_line_id
LIMIT :limit;
