-- Should this program ever write by mistake, the server refuses.
SET SESSION TRANSACTION READ ONLY
