-- A span of watching, or a gap, begins.
INSERT INTO coverage (cluster, since, until, how, reason)
VALUES (:cluster, :since, :until, :how, :reason);
