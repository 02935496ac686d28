#!lua flags=allow-oom
-- Brings what the records say of a team. Older never overwrites newer, neither what people configured
-- (version) nor the funding (sequence). A record that is missing is built only under the shard's lock
-- (ARGV 'locked'), because then what is drained can't move: credits are the funding, minus what was
-- charged by then, minus what is handed in but not drained, minus what is held.
-- KEYS: epoch, team's record, open, usage.
-- ARGV: run, locked, team, version, status, groups, basis, multiplier, divisor,
--       funded, funding sequence, used, drained position.

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local team_id, version = ARGV[3], tonumber(ARGV[4])
local funded, sequence = tonumber(ARGV[10]), tonumber(ARGV[11])
local known = redis.call('HMGET', KEYS[2], 'generation', 'version', 'funded', 'sequence', 'spendable')
local exists = known[1] == epoch[2]

if not exists then
  if ARGV[2] ~= 'locked' then
    return 'missing'
  end
  local charged, held = tonumber(ARGV[12]), 0
  local from = '(' .. ARGV[13]
  while true do
    local page = redis.call('XRANGE', KEYS[4], from, '+', 'COUNT', 1000)
    for _, entry in ipairs(page) do
      -- Fields stand in the order in which settle.lua writes them: id, team, charge.
      if entry[2][4] == team_id then
        charged = charged + tonumber(entry[2][6])
      end
      from = '(' .. entry[1]
    end
    if #page < 1000 then
      break
    end
  end
  for _, packed in ipairs(redis.call('HVALS', KEYS[3])) do
    local charge, owner = string.match(packed, '^(%d+)|([^|]+)|')
    if owner == team_id then
      held = held + tonumber(charge)
    end
  end
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[2], 'generation', epoch[2], 'funded', whole(funded), 'sequence', whole(sequence),
    'charged', whole(charged), 'held', whole(held), 'spendable', whole(funded - charged - held))
elseif sequence > tonumber(known[4]) then
  redis.call('HSET', KEYS[2], 'funded', whole(funded), 'sequence', whole(sequence),
    'spendable', whole(tonumber(known[5]) + funded - tonumber(known[3])))
end

if not exists or version > tonumber(known[2]) then
  redis.call('HSET', KEYS[2], 'version', whole(version), 'status', ARGV[5], 'groups', ARGV[6],
    'basis', ARGV[7], 'multiplier', ARGV[8], 'divisor', ARGV[9])
end
return 'projected'
