-- The log says this. Read again, a line may have become certain.
INSERT INTO witness_line (
	cluster, at, act, job, id_job, uid, detail, doubtful, line
)
VALUES (
	:cluster, :at, :act, :job, :id_job, :uid, :detail, :doubtful, :line
)
ON CONFLICT (cluster, id_job, at, act, uid, line) DO UPDATE SET
	doubtful = min(doubtful, excluded.doubtful);
