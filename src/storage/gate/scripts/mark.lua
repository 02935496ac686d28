#!lua flags=allow-oom
-- Moves the deadlines of calls that are still under way and notes what each would cost by now.
-- KEYS: epoch, open. ARGV: run, deadline in ms, then 3 for each: reservation, charge, event.

if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then
  return 'epoch'
end
local deadline = whole(now_ms() + tonumber(ARGV[2]))
for at = 3, #ARGV, 3 do
  local packed = redis.call('HGET', KEYS[2], ARGV[at])
  if packed then
    local held, team_id = string.match(packed, '^(%d+)|([^|]+)|')
    redis.call('HSET', KEYS[2], ARGV[at],
      held .. '|' .. team_id .. '|' .. deadline .. '|' .. ARGV[at + 1] .. '|' .. ARGV[at + 2])
  end
end
return 'marked'
