-- Which users have an account on this cluster?
SELECT DISTINCT user FROM {assoc_table} WHERE deleted = 0 AND user <> ''
