#!lua flags=allow-oom
-- Ends a batch of reservations and hands in their usage events, in one step.
-- KEYS: epoch, open, resolved, resolved before, usage, lapsed, then the records of teams.
-- ARGV: run, and a line for each: record's index, manner, charge, team, reservation, with spaces between,
-- and the event.
-- Manners: 'settle'; 'lapsed' (only while past its deadline); 'discard' (its event is in the records
-- already, so the reservation alone goes).
-- Answers 'epoch', or a line with the drained position and a position that all of this is at or before, and
-- a line of 4 words for each.

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation', 'drained')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local generation = epoch[2]
local drained, position = epoch[3] or '0-0', nil

local teams = {}
local function team_of(key)
  local known = teams[key]
  if known == nil then
    local fields = redis.call('HMGET', key, 'generation', 'spendable', 'held', 'charged', 'latest')
    known = fields[1] == generation and {
      spendable = tonumber(fields[2]),
      held = tonumber(fields[3]),
      charged = tonumber(fields[4]),
      latest = fields[5] or '0-0',
    }
    teams[key] = known
  end
  return known
end

local answer = {}
local function say(outcome, charge, excess, spendable)
  answer[#answer + 1] = string.format('%s %d %d %d', outcome, charge, excess, spendable)
end

local function hand_in(team, team_id, id, charge, excess, event)
  team.charged = team.charged + charge
  position = redis.call('XADD', KEYS[5], '*', 'e',
    string.format('%d %d %s %s ', charge, excess, id, team_id) .. event)
  -- Where the team's record must be built anew, this says up to which event it was charged.
  team.latest = position
end

local ended = {}
local seen = {}

local function finish(team, id, held)
  team.spendable = team.spendable + held
  team.held = team.held - held
  seen[id] = true
  ended[#ended + 1] = id
end

-- The reaper ended it for less than it used, because its proxy was cut off: the rest is charged now, as far
-- as the balance goes.
local function settle_late(team, team_id, id, wanted, event)
  local lapsed = redis.call('HGET', KEYS[6], id)
  local rest = wanted - tonumber(string.match(lapsed, '^(%d+)'))
  redis.call('HDEL', KEYS[6], id)
  seen[id] = true
  if rest <= 0 then
    return say('already', 0, 0, team.spendable)
  end
  local charge = math.min(rest, math.max(0, team.spendable))
  team.spendable = team.spendable - charge
  team.changed = true
  hand_in(team, team_id, id .. ':late', charge, rest - charge, event)
  return say('settled', charge, rest - charge, team.spendable)
end

local function is_alive(packed)
  return packed and tonumber(string.match(packed, '^%d+|[^|]+|(%d+)|')) > now_ms()
end

local function is_resolved(id)
  return seen[id] or redis.call('SISMEMBER', KEYS[3], id) == 1 or redis.call('SISMEMBER', KEYS[4], id) == 1
end

for line in string.gmatch(ARGV[2], '[^\n]+') do
  local place, manner, wanted, team_id, id, event =
    string.match(line, '^(%d+) (%a+) (%d+) (%S+) (%S+) (.*)$')
  local team = team_of(KEYS[tonumber(place)])
  local packed = not seen[id] and redis.call('HGET', KEYS[2], id)
  if not team then
    say('missing_team', 0, 0, 0)
  elseif manner == 'lapsed' and is_alive(packed) then
    say('alive', 0, 0, team.spendable)
  elseif not packed and manner == 'settle' and not seen[id] and redis.call('HEXISTS', KEYS[6], id) == 1 then
    settle_late(team, team_id, id, tonumber(wanted), event)
  elseif not packed and (manner ~= 'settle' or is_resolved(id)) then
    say('already', 0, 0, team.spendable)
  else
    -- Without a reservation the gate forgot it in a restart: what was used is charged all the same.
    local held = packed and tonumber(string.match(packed, '^(%d+)')) or 0
    local charge = manner == 'discard' and 0 or tonumber(wanted)
    local excess = 0
    if packed and charge > held then
      charge, excess = held, charge - held
    end
    finish(team, id, held)
    team.spendable = team.spendable - charge
    team.changed = true
    if manner ~= 'discard' then
      hand_in(team, team_id, id, charge, excess, event)
    end
    if manner == 'lapsed' then
      redis.call('HSET', KEYS[6], id, whole(charge) .. '|' .. whole(now_ms()))
    end
    say('settled', charge, excess, team.spendable)
  end
end

for key, team in pairs(teams) do
  if team and team.changed then
    redis.call('HSET', key, 'spendable', whole(team.spendable), 'held', whole(team.held),
      'charged', whole(team.charged), 'latest', team.latest)
  end
end
if #ended > 0 then
  redis.call('HDEL', KEYS[2], unpack(ended))
  redis.call('SADD', KEYS[3], unpack(ended))
end
return drained .. ' ' .. (position or whole(now_ms()) .. '-0') .. '\n' .. table.concat(answer, '\n')
