-- How often was this job restored, under whatever number?
SELECT count(*)
FROM incident INDEXED BY incident_owner
WHERE cluster = :cluster
	AND uid = :uid
	AND ended >= :since
	AND (id_job = :id_job OR restored_id_job = :id_job)
	AND restoration LIKE '%by watcher';
