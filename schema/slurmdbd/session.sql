-- Nothing that could hold up slurmdbd: no lock waited for, no statement long.
SET autocommit = 1, lock_wait_timeout = 1, innodb_lock_wait_timeout = 1,
	max_statement_time = {timeout}, character_set_results = binary
