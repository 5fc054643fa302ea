-- Record an incident. Without an event_id it begins an event of its own.
INSERT INTO incident (
	event_id, cluster, job_id, job_db_inx, id_job, root_id, part,
	user, uid, account, partition, section, qos, job_name,
	kind, confidence, phase, tasks,
	submitted, started, ended, detected,
	elapsed_s, cpu_seconds, gpu_seconds,
	state, reason, causes, exempt, found, late, script_sha256, job)
VALUES (
	:event_id, :cluster, :job_id, :job_db_inx, :id_job, :root_id, :part,
	:user, :uid, :account, :partition, :section, :qos, :job_name,
	:kind, :confidence, :phase, :tasks,
	:submitted, :started, :ended, :detected,
	:elapsed_s, :cpu_seconds, :gpu_seconds,
	:state, :reason, :causes, :exempt, :found, :late, :script_sha256, :job);
