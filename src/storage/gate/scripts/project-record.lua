#!lua flags=allow-oom
-- Brings what the records say of a key, an organization, a user, a member or an end user. Older never overwrites newer; the
-- same version may come again with later boundaries of its budgets.
-- KEYS: epoch, record, open, usage.
-- ARGV: run, locked, subject, version, drained position, rules, number of spends, spends, then for how many seconds it is
-- kept (0 for good), then fields and values.

-- include arithmetic
-- include meters
-- include rebuild

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local known = redis.call('HMGET', KEYS[2], 'generation', 'version')
local exists = known[1] == epoch[2]
if exists and tonumber(ARGV[4]) < tonumber(known[2]) then
  return 'projected'
end
local after_spends = 8 + tonumber(ARGV[7])
local rules = ARGV[6] ~= '' and cjson.decode(ARGV[6]) or {}
local place = { locked = ARGV[2] == 'locked', drained = ARGV[5], open = KEYS[3], usage = KEYS[4], now = now_ms() }
local meters = meters_to_build(KEYS[2], ARGV[3], rules, { unpack(ARGV, 8, after_spends - 1) }, exists, place)
if meters == nil then
  return 'missing'
end
redis.call('HSET', KEYS[2], 'generation', epoch[2], 'version', ARGV[4], 'rules', ARGV[6], unpack(ARGV, after_spends + 1))
local life = tonumber(ARGV[after_spends])
if life > 0 then
  redis.call('EXPIRE', KEYS[2], life)
else
  redis.call('PERSIST', KEYS[2])
end
if #meters > 0 then
  redis.call('HSET', KEYS[2], unpack(meters))
end
return 'projected'
