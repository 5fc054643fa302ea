-- A span of watching, a gap or a backfill begins, or a job was lost.
INSERT INTO coverage (cluster, since, until, how, reason, job)
VALUES (:cluster, :since, :until, :how, :reason, :job);
