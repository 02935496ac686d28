#!lua flags=allow-oom
-- Brings what the records say of a key or an organization. Older never overwrites newer.
-- KEYS: epoch, record. ARGV: run, version, then fields and values.

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local known = redis.call('HMGET', KEYS[2], 'generation', 'version')
if known[1] ~= epoch[2] or tonumber(ARGV[2]) > tonumber(known[2]) then
  redis.call('HSET', KEYS[2], 'generation', epoch[2], 'version', ARGV[2], unpack(ARGV, 3))
end
return 'projected'
