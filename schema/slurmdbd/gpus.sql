-- Which TRES are GPUs? The one without a type counts those with one as well.
SELECT id, name FROM tres_table
WHERE type = 'gres' AND (name = 'gpu' OR name LIKE 'gpu:%')
