#!lua flags=allow-oom
-- Begins a new epoch after Redis started, failed over or was emptied: every record counts as missing from
-- then on and is loaded again. What is open, and what was handed in, stays. Where the shard was in use
-- before, admission waits for a moment, so that every proxy can hand in what this Redis may have forgotten.
-- KEYS: epoch, usage. ARGV: run, drained position, grace in ms.

-- include arithmetic

if redis.call('HGET', KEYS[1], 'run') == ARGV[1] then
  return 'renewed'
end
local now = now_ms()
-- An emptied Redis must not count as it did before: who remembers the generation knows by it that all was lost.
local generation = redis.call('HGET', KEYS[1], 'generation')
if not generation and tonumber(ARGV[3]) > 0 then
  redis.call('HSET', KEYS[1], 'generation', whole(now))
else
  redis.call('HINCRBY', KEYS[1], 'generation', 1)
end
redis.call('HSET', KEYS[1], 'run', ARGV[1], 'renewed_ms', whole(now), 'opens_ms', whole(now + tonumber(ARGV[3])))
-- A clock that is behind, or a stream that begins anew, must not give events positions that count as
-- drained already. An id that is not above the last one is refused, and then nothing needs to be done.
if ARGV[2] ~= '0-0' then
  local placed = redis.pcall('XADD', KEYS[2], ARGV[2], 'mark', 'drained')
  if type(placed) == 'string' then
    redis.call('XDEL', KEYS[2], placed)
  end
end
return 'began'
