#!lua flags=allow-oom
-- Ends a batch of reservations and hands in their usage events, in one step.
-- KEYS: epoch, open, due, marks, resolved, usage, drained, then the records of teams.
-- ARGV: run, then 6 for each: record's index, team, reservation, manner, charge, event.
-- Manners: 'settle'; 'lapsed' (only while past its deadline); 'discard' (its event is in the records
-- already, so the reservation alone goes).
-- Answers {'epoch'}, or the drained position, the position of the last event handed in, and 4 values
-- for each.

local FIELDS = 6
local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return { 'epoch' }
end
local generation = epoch[2]
local now = now_ms()
local answer = { redis.call('GET', KEYS[7]) or '', '' }

local teams = {}
local function team_of(key)
  local known = teams[key]
  if known == nil then
    local fields = redis.call('HMGET', key, 'generation', 'spendable', 'held', 'charged')
    known = fields[1] == generation and {
      spendable = tonumber(fields[2]),
      held = tonumber(fields[3]),
      charged = tonumber(fields[4]),
    }
    teams[key] = known
  end
  return known
end

local function say(outcome, charge, excess, spendable)
  local at = #answer
  answer[at + 1] = outcome
  answer[at + 2] = whole(charge)
  answer[at + 3] = whole(excess)
  answer[at + 4] = whole(spendable)
end

local ended, resolved = {}, {}
local function finish(id)
  ended[#ended + 1] = id
  resolved[#resolved + 1] = whole(now)
  resolved[#resolved + 1] = id
end

local pending = {}
for at = 2, #ARGV, FIELDS do
  local team_id, id, manner, wanted, event = unpack(ARGV, at + 1, at + 5)
  local team = team_of(KEYS[tonumber(ARGV[at])])
  local packed = not pending[id] and redis.call('HGET', KEYS[2], id)
  if not team then
    say('missing_team', 0, 0, 0)
  elseif manner == 'lapsed' and tonumber(redis.call('ZSCORE', KEYS[3], id) or now + 1) > now then
    say('alive', 0, 0, team.spendable)
  elseif not packed and (manner ~= 'settle' or pending[id] or redis.call('ZSCORE', KEYS[5], id)) then
    say('already', 0, 0, team.spendable)
  else
    -- Without a reservation the gate forgot it in a restart: what was used is charged all the same.
    local held = packed and tonumber(string.match(packed, '^(%d+)')) or nil
    local charge = manner == 'discard' and 0 or tonumber(wanted)
    local excess = 0
    if held and charge > held then
      charge, excess = held, charge - held
    end
    team.spendable = team.spendable + (held or 0) - charge
    team.held = team.held - (held or 0)
    team.charged = team.charged + charge
    team.changed = true
    pending[id] = true
    finish(id)
    if manner ~= 'discard' then
      answer[2] = redis.call('XADD', KEYS[6], '*', 'id', id, 'team', team_id, 'charge', whole(charge),
        'excess', whole(excess), 'event', event)
    end
    say('settled', charge, excess, team.spendable)
  end
end

for key, team in pairs(teams) do
  if team and team.changed then
    redis.call('HSET', key, 'spendable', whole(team.spendable), 'held', whole(team.held),
      'charged', whole(team.charged))
  end
end
if #ended > 0 then
  redis.call('HDEL', KEYS[2], unpack(ended))
  redis.call('ZREM', KEYS[3], unpack(ended))
  redis.call('HDEL', KEYS[4], unpack(ended))
  redis.call('ZADD', KEYS[5], unpack(resolved))
end
return answer
