-- What did a pass over this cluster read, and what do all come to?
INSERT INTO pass (cluster, rows, took_ms, swept, passes, all_rows, all_ms)
VALUES (:cluster, :rows, :took_ms, :swept, 1, :rows, :took_ms)
ON CONFLICT (cluster) DO UPDATE SET
	rows = excluded.rows,
	took_ms = excluded.took_ms,
	swept = max(swept, excluded.swept),
	passes = passes + 1,
	all_rows = all_rows + excluded.rows,
	all_ms = all_ms + excluded.took_ms;
