#!lua flags=allow-oom
-- Brings what the records say of a team. Older never overwrites newer, neither what people configured
-- (version) nor the funding (sequence). A record that is missing is built only under the shard's lock
-- (ARGV 'locked'), because then what is drained can't move: credits are the funding, minus what was
-- charged, minus what is held. Charged is what the ledger has and what is handed in but not drained: a
-- record of an earlier run knows that by its latest event; without one the stream is looked through.
-- KEYS: epoch, team's record, open, usage.
-- ARGV: run, locked, team, version, drained position, rules, number of spends, spends, then funded, funding
--       sequence, used, then fields and values.

-- include arithmetic
-- include meters
-- include rebuild

local function held_by(team_id)
  local held = 0
  for _, packed in ipairs(redis.call('HVALS', KEYS[3])) do
    local charge, owner = string.match(packed, '^(%d+)|([^|]+)|')
    if owner == team_id then
      held = held + tonumber(charge)
    end
  end
  return held
end

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local team_id, version, drained = ARGV[3], tonumber(ARGV[4]), ARGV[5]
local after_spends = 8 + tonumber(ARGV[7])
local funded, sequence = tonumber(ARGV[after_spends]), tonumber(ARGV[after_spends + 1])
local known = redis.call('HMGET', KEYS[2], 'generation', 'version', 'funded', 'sequence', 'spendable',
  'charged', 'latest')
local exists = known[1] == epoch[2]
local is_locked = ARGV[2] == 'locked'
if not exists and not is_locked then
  return 'missing'
end
local is_newer = not exists or version >= tonumber(known[2])
local rules = ARGV[6] ~= '' and cjson.decode(ARGV[6]) or {}
local meters = {}
if is_newer then
  local place = { locked = is_locked, drained = drained, open = KEYS[3], usage = KEYS[4], now = now_ms() }
  meters = meters_to_build(KEYS[2], 'team:' .. team_id, rules, { unpack(ARGV, 8, after_spends - 1) }, exists, place)
  if meters == nil then
    return 'missing'
  end
end

if not exists then
  local charged, held, latest = tonumber(ARGV[after_spends + 2]), held_by(team_id), known[7]
  if not latest then
    local undrained, at = undrained_charge(KEYS[4], drained, team_id)
    charged, latest = charged + undrained, at
  elseif is_after(latest, drained) then
    charged = tonumber(known[6])
  end
  redis.call('HSET', KEYS[2], 'generation', epoch[2], 'funded', whole(funded), 'sequence', whole(sequence),
    'charged', whole(charged), 'latest', latest, 'held', whole(held), 'spendable', whole(funded - charged - held))
elseif sequence > tonumber(known[4]) then
  redis.call('HSET', KEYS[2], 'funded', whole(funded), 'sequence', whole(sequence),
    'spendable', whole(tonumber(known[5]) + (funded - tonumber(known[3]))))
end

if is_newer then
  redis.call('HSET', KEYS[2], 'version', whole(version), 'rules', ARGV[6], unpack(ARGV, after_spends + 3))
end
if #meters > 0 then
  redis.call('HSET', KEYS[2], unpack(meters))
end
return 'projected'
