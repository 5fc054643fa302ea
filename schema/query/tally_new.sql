-- There is one more incident, in an event of its own if that has no number yet. Where
-- the job waited for several partitions none is named: there is no end to such
-- lists.
INSERT INTO tally (what, cluster, partition, kind, confidence, n)
VALUES ('incident', :cluster, iif(instr(:partition, ','), '', :partition), :kind,
		:confidence, 1),
	('event', :cluster, iif(instr(:partition, ','), '', :partition), :kind,
		:confidence, :event_id = 0),
	('job', :cluster, iif(instr(:partition, ','), '', :partition), :kind,
		:confidence, :tasks),
	('open', :cluster, '', '', :confidence, 1)
ON CONFLICT DO UPDATE SET n = n + excluded.n;
