-- What was this reservation called last? It has a row for each time it changed.
SELECT resv_name FROM {resv_table} WHERE id_resv = ?
ORDER BY time_start DESC LIMIT 1
