-- Move the position of this cluster.
INSERT INTO cluster (name, position, last_pass, sweep_next, sweep_at)
VALUES (:cluster, :position, :last_pass, :sweep_next, :sweep_at)
ON CONFLICT (name) DO UPDATE SET
	position = excluded.position,
	last_pass = excluded.last_pass,
	sweep_next = excluded.sweep_next,
	sweep_at = excluded.sweep_at;
