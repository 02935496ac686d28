#!lua flags=allow-oom
-- Brings what the records say of a team. Older never overwrites newer, neither what people configured
-- (version) nor the funding (sequence). A record that is missing is built only under the shard's lock
-- (ARGV 'locked'), because then what is drained can't move: credits are the funding, minus what was
-- charged, minus what is held. Charged is what the ledger has and what is handed in but not drained: a
-- record of an earlier run knows that by its latest event; without one the stream is looked through.
-- KEYS: epoch, team's record, open, usage.
-- ARGV: run, locked, team, version, status, groups, basis, multiplier, divisor,
--       funded, funding sequence, used, drained position.

-- Whether a stream position is after another.
local function is_after(one, other)
  local one_ms, one_number = string.match(one, '^(%d+)-(%d+)$')
  local other_ms, other_number = string.match(other, '^(%d+)-(%d+)$')
  if one_ms ~= other_ms then
    return tonumber(one_ms) > tonumber(other_ms)
  end
  return tonumber(one_number) > tonumber(other_number)
end

-- What the events of a team after a position were charged.
local function undrained(team_id, position)
  local sum, from = 0, '(' .. position
  while true do
    local page = redis.call('XRANGE', KEYS[4], from, '+', 'COUNT', 1000)
    for _, entry in ipairs(page) do
      local charge, owner = string.match(entry[2][2], '^(%d+) %d+ %S+ (%S+) ')
      if owner == team_id then
        sum = sum + tonumber(charge)
      end
      from = '(' .. entry[1]
    end
    if #page < 1000 then
      return sum
    end
  end
end

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local team_id, version = ARGV[3], tonumber(ARGV[4])
local funded, sequence = tonumber(ARGV[10]), tonumber(ARGV[11])
local known = redis.call('HMGET', KEYS[2], 'generation', 'version', 'funded', 'sequence', 'spendable',
  'charged', 'latest')
local exists = known[1] == epoch[2]

if not exists then
  if ARGV[2] ~= 'locked' then
    return 'missing'
  end
  local charged, held = tonumber(ARGV[12]), 0
  if not known[7] then
    charged = charged + undrained(team_id, ARGV[13])
  elseif is_after(known[7], ARGV[13]) then
    charged = tonumber(known[6])
  end
  for _, packed in ipairs(redis.call('HVALS', KEYS[3])) do
    local charge, owner = string.match(packed, '^(%d+)|([^|]+)|')
    if owner == team_id then
      held = held + tonumber(charge)
    end
  end
  redis.call('HSET', KEYS[2], 'generation', epoch[2], 'funded', whole(funded), 'sequence', whole(sequence),
    'charged', whole(charged), 'latest', known[7] or '0-0', 'held', whole(held), 'spendable', whole(funded - charged - held))
elseif sequence > tonumber(known[4]) then
  redis.call('HSET', KEYS[2], 'funded', whole(funded), 'sequence', whole(sequence),
    'spendable', whole(tonumber(known[5]) + (funded - tonumber(known[3]))))
end

if not exists or version > tonumber(known[2]) then
  redis.call('HSET', KEYS[2], 'version', whole(version), 'status', ARGV[5], 'groups', ARGV[6],
    'basis', ARGV[7], 'multiplier', ARGV[8], 'divisor', ARGV[9])
end
return 'projected'
