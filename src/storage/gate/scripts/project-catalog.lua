#!lua flags=allow-oom
-- Brings which access group grants which alias. Older never overwrites newer.
-- KEYS: epoch, access. ARGV: run, version, then one field for each grant ("group\nalias").

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local known = redis.call('HMGET', KEYS[1], 'catalog', 'catalog_version')
if known[1] ~= epoch[2] or tonumber(ARGV[2]) > tonumber(known[2]) then
  redis.call('DEL', KEYS[2])
  for at = 3, #ARGV do
    redis.call('HSET', KEYS[2], ARGV[at], '1')
  end
  redis.call('HSET', KEYS[1], 'catalog', epoch[2], 'catalog_version', ARGV[2])
end
return 'projected'
