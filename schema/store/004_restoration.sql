-- What becomes of jobs that were restored.

-- Under which number the job is back and when it was submitted so (0: its row
-- has not been seen yet), how it is doing, when it ran again and when it ended;
-- slurmctld's clock. restored_state is a word as sacct has it, in small letters.
ALTER TABLE incident ADD COLUMN restored_id_job INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN restored_submitted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN restored_state TEXT NOT NULL DEFAULT '';
ALTER TABLE incident ADD COLUMN restored_started INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN restored_ended INTEGER NOT NULL DEFAULT 0;

-- Those that are followed still.
CREATE INDEX incident_followed ON incident (cluster)
WHERE restored_at > 0 AND restored_ended = 0;

-- By owner: for a job that its owner submits again, and for limits per user.
CREATE INDEX incident_owner ON incident (cluster, uid, ended);
