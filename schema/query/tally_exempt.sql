-- There is one more incident that is exempt.
INSERT INTO tally (what, cluster, partition, kind, confidence, n)
VALUES ('exempt', :cluster, '', :kind, '', 1)
ON CONFLICT DO UPDATE SET n = n + 1;
