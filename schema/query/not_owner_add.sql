-- Remember that this job was cancelled, and not by its owner.
INSERT OR IGNORE INTO not_owner (
	cluster, id_job, submitted, ended, partition, uid, tasks, why)
VALUES (
	:cluster, :id_job, :submitted, :ended, :partition, :uid, :tasks, :why);
