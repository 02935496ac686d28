#!lua flags=allow-oom
-- Brings which access group grants which alias. Older never overwrites newer.
-- KEYS: epoch, access. ARGV: run, version, then one field for each grant ("group\nalias").

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local known = redis.call('HMGET', KEYS[2], 'generation', 'version')
if known[1] ~= epoch[2] or tonumber(ARGV[2]) > tonumber(known[2]) then
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[2], 'generation', epoch[2], 'version', ARGV[2])
  for at = 3, #ARGV do
    redis.call('HSET', KEYS[2], ARGV[at], '1')
  end
end
return 'projected'
