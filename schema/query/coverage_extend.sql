-- The span goes on until then, or ended then.
UPDATE coverage
SET until = :until
WHERE id = :id;
