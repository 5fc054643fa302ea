-- Which accounts have this cluster?
SELECT DISTINCT acct FROM {assoc_table} WHERE deleted = 0
