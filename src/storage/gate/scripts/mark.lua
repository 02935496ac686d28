#!lua flags=allow-oom
-- Moves the deadlines of calls that are still under way and notes what each would cost by now.
-- KEYS: epoch, open, due, marks. ARGV: run, deadline in ms, then 3 for each: reservation, charge, event.

if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then
  return { 'epoch' }
end
local deadline = whole(now_ms() + tonumber(ARGV[2]))
for at = 3, #ARGV, 3 do
  if redis.call('HEXISTS', KEYS[2], ARGV[at]) == 1 then
    redis.call('HSET', KEYS[4], ARGV[at], ARGV[at + 1] .. '|' .. ARGV[at + 2])
    redis.call('ZADD', KEYS[3], deadline, ARGV[at])
  end
end
return { 'marked' }
