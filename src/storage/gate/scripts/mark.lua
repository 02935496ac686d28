#!lua flags=allow-oom
-- Moves the deadlines of calls that are still under way and notes what each would cost by now.
-- KEYS: epoch, open. ARGV: run, deadline in ms, then 5 for each: reservation, charge, cost in nano-USD, usage
-- tokens, event.

-- include arithmetic

local FIELDS = 5
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then
  return 'epoch'
end
local deadline = whole(now_ms() + tonumber(ARGV[2]))
for at = 3, #ARGV, FIELDS do
  local id, charge, cost, usage_tokens, event = unpack(ARGV, at, at + FIELDS - 1)
  local packed = redis.call('HGET', KEYS[2], id)
  if packed then
    local held, team_id, taken = string.match(packed, '^(%d+)|([^|]+)|%d+|%d+|%d+|%d+|([^|]*)|')
    redis.call('HSET', KEYS[2], id,
      table.concat({ held, team_id, deadline, charge, cost, usage_tokens, taken, event }, '|'))
  end
end
return 'marked'
