-- Which jobs were cancelled, and not by their owner?
SELECT cluster, id_job, submitted, ended, partition, uid, tasks, why
FROM not_owner;
