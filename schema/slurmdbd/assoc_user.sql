-- Whose association is this?
SELECT user FROM {assoc_table} WHERE id_assoc = ?
