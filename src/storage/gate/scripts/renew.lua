#!lua flags=allow-oom
-- Begins a new epoch after Redis started or failed over: every record counts as missing from then on
-- and is loaded again from the records. What is open, and what was handed in, stays.
-- KEYS: epoch. ARGV: run.

if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then
  redis.call('HINCRBY', KEYS[1], 'generation', 1)
  redis.call('HSET', KEYS[1], 'run', ARGV[1], 'renewed_ms', whole(now_ms()))
end
return 'renewed'
