-- The log of this cluster was read so far.
INSERT INTO witness (cluster, position)
VALUES (:cluster, :position)
ON CONFLICT (cluster) DO UPDATE SET
	position = excluded.position;
