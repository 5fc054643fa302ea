-- There is one more gap, or lost job, of a cluster.
INSERT INTO tally (what, cluster, partition, kind, confidence, n)
VALUES (:what, :cluster, '', '', '', 1)
ON CONFLICT DO UPDATE SET n = n + 1;
