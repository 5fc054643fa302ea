-- Move the position of this cluster.
INSERT INTO cluster (
	name, position, last_end, last_pass, heard, sweep_next, sweep_at)
VALUES (
	:cluster, :position, :last_end, :last_pass, :heard, :sweep_next,
	:sweep_at)
ON CONFLICT (name) DO UPDATE SET
	position = excluded.position,
	last_end = excluded.last_end,
	last_pass = excluded.last_pass,
	heard = excluded.heard,
	sweep_next = excluded.sweep_next,
	sweep_at = excluded.sweep_at;
