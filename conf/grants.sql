-- SPDX-License-Identifier: GPL-2.0-or-later
-- Lets watcher's account read the tables that it needs, and do nothing else.
-- For the database's admin, on MariaDB 10.5 or later, once the account is made:
--
--     mariadb -e "CREATE USER watcher@localhost IDENTIFIED VIA unix_socket"
--     mariadb slurm_acct_db < grants.sql
--
-- For an account of another name or from another host, say so in front:
--
--     mariadb -e "CREATE USER watcher@'adm%.example.org' IDENTIFIED BY '...'"
--     (echo "SET @watcher_host = 'adm%.example.org';"; cat grants.sql) |
--         mariadb slurm_acct_db
--
-- The database is the one that is named on the command line. Running this again
-- changes nothing; run it again when slurmdbd has got a new cluster, or after an
-- update of Slurm. It prints what the account may now do in the database.

SET @watcher_user = COALESCE(@watcher_user, 'watcher');
SET @watcher_host = COALESCE(@watcher_host, 'localhost');

DELIMITER //

BEGIN NOT ATOMIC
	-- Slurm before 21.08 has no job_script and job_env tables.
	FOR readable IN (
		SELECT t.table_name AS name
		FROM information_schema.tables AS t
		WHERE t.table_schema = DATABASE()
		AND (
			t.table_name IN
				('cluster_table', 'qos_table', 'tres_table')
			OR EXISTS (
				SELECT 1
				FROM cluster_table AS c
				WHERE c.deleted = 0
				AND t.table_name IN (
					CONCAT(c.name, '_job_table'),
					CONCAT(c.name, '_step_table'),
					CONCAT(c.name, '_assoc_table'),
					CONCAT(c.name, '_resv_table'),
					CONCAT(c.name, '_job_script_table'),
					CONCAT(c.name, '_job_env_table')
				)
			)
		)
		ORDER BY t.table_name
	) DO
		EXECUTE IMMEDIATE CONCAT(
			'GRANT SELECT ON `', REPLACE(DATABASE(), '`', '``'),
			'`.`', REPLACE(readable.name, '`', '``'), '` TO ',
			QUOTE(@watcher_user), '@', QUOTE(@watcher_host)
		);
	END FOR;
END//

DELIMITER ;

SELECT table_name, GROUP_CONCAT(privilege_type) AS privileges
FROM information_schema.table_privileges
WHERE table_schema = DATABASE()
AND grantee = CONCAT(QUOTE(@watcher_user), '@', QUOTE(@watcher_host))
GROUP BY table_name;
