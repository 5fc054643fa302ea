-- What was recorded of this incident, in the order of its entry?
SELECT incident_id, event_id, cluster, job_id, job_db_inx, id_job, root_id,
	part, user, uid, account, partition, section, qos, job_name, kind,
	confidence, phase, tasks, submitted, started, ended, detected,
	elapsed_s, cpu_seconds, gpu_seconds, state, reason, causes, exempt,
	found, late, script_sha256, job
FROM incident
WHERE incident_id = :incident_id;
