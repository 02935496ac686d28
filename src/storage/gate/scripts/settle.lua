#!lua flags=allow-oom
-- Ends a batch of reservations and hands in their usage events, in one step.
-- KEYS: epoch, open, resolved, resolved before, usage, lapsed, then the records of teams and of all subjects whose
-- meters were taken.
-- ARGV: run; a line for each subject: its name and its record's index; and a line for each reservation: its team
-- record's index, manner, charge, the most that it may be charged, cost in nano-USD, usage tokens, team, reservation, what it took of meters (or -),
-- with spaces between, and the event.
-- Manners: 'settle'; 'lapsed' (only while past its deadline); 'late' (the records have an event of it, which may be
-- the one of its lapse: then the rest is charged); 'discard' (its event is in the records already, or it never had
-- one: the reservation alone goes); 'reap' (as 'discard', but only while past its deadline).
-- Answers 'epoch', or a line with the drained position and a position that all of this is at or before, and
-- a line of 4 words for each.

-- include arithmetic
-- include meters

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation', 'drained')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local generation = epoch[2]
local drained, position = epoch[3] or '0-0', nil

local record_of = {}
for subject, place in string.gmatch(ARGV[2], '(%S+) (%d+)') do
  record_of[subject] = KEYS[tonumber(place)]
end

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

-- A meter's field, or false where its record is missing: that one is built from the records and from what stands
-- in the stream and among the open reservations.
local meters = {}
local function meter_of(subject, name)
  local place = subject .. ' ' .. name
  local known = meters[place]
  if known == nil then
    known = false
    local key = record_of[subject]
    if key and redis.call('HGET', key, 'generation') == generation then
      local field = redis.call('HGET', key, 'm:' .. name)
      known = field and { key = key, field = 'm:' .. name, text = field } or false
    end
    meters[place] = known
  end
  return known
end

local function change_meter(meter, text)
  meter.text = text
  meter.changed = true
end

local function window_settled(meter, stamp, difference)
  local entries = cmsgpack.unpack(meter.text)
  for at = 1, #entries, 2 do
    if entries[at] == stamp then
      entries[at + 1] = math.max(0, entries[at + 1] + difference)
    end
  end
  change_meter(meter, cmsgpack.pack(entries))
end

-- Puts what a call really used in place of what it had taken. `was_held` is false where the gate forgot the
-- reservation: then nothing is given back, and what was spent is counted all the same.
local function settle_meters(taken, was_held, cost, usage_tokens)
  for subject, name, stamp, amount in string.gmatch(taken, '([^,;]+),([^,;]+),(%d+),(%d+)') do
    local meter = meter_of(subject, name)
    stamp, amount = tonumber(stamp), tonumber(amount)
    if not meter then
      -- Built anew when it is needed.
    elseif string.sub(name, 1, 7) == 'budget-' then
      local from, spent, held, latest = budget_from(meter.text)
      if from == stamp then
        held = was_held and math.max(0, held - amount) or held
        change_meter(meter, budget_text(from, spent + cost, held, position or latest))
      end
    elseif was_held and string.sub(name, 1, 8) == 'parallel' then
      change_meter(meter, whole(math.max(0, tonumber(meter.text) - 1)))
    elseif was_held and string.sub(name, 1, 12) == 'usage_tokens' then
      window_settled(meter, stamp, usage_tokens - amount)
    end
  end
end

-- "cost subject,meter,stamp;…" of the budgets that an event spent from, or nil.
local function spent_text(taken, cost)
  local spends = {}
  if cost > 0 then
    for subject, name, stamp in string.gmatch(taken, '([^,;]+),(budget%-[^,;]+),(%d+),%d+') do
      spends[#spends + 1] = subject .. ',' .. name .. ',' .. stamp
    end
  end
  return #spends > 0 and whole(cost) .. ' ' .. table.concat(spends, ';') or nil
end

local answer = {}
local function say(outcome, charge, excess, spendable)
  answer[#answer + 1] = string.format('%s %d %d %d', outcome, charge, excess, spendable)
end

local function hand_in(team, ending, id, charge, excess, cost)
  local fields = { 'e', string.format('%d %d %s %s ', charge, excess, id, ending.team_id) .. ending.event }
  local spent = spent_text(ending.taken, cost)
  if spent then
    fields[3], fields[4] = 'b', spent
  end
  team.charged = team.charged + charge
  position = redis.call('XADD', KEYS[5], '*', unpack(fields))
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

-- An event's usage tokens of input and output, and what stands around them and its cost (see usage-text.ts).
local function usage_of(event)
  local head, input, output, tail =
    string.match(event, '^(.*)"i":(%d+),"p":(%d+),"c":"%d+"(,"g":%a+,"s":%d+,"t":%d+})$')
  return tonumber(input or 0), tonumber(output or 0), head, tail
end

-- The event of a call that was counted in part already, with what is left of its usage.
local function rest_of(event, cost, counted_input, counted_output)
  local input, output, head, tail = usage_of(event)
  if not head then
    return event
  end
  return string.format('%s"i":%d,"p":%d,"c":"%d"%s', head, math.max(0, input - counted_input),
    math.max(0, output - counted_output), cost, tail)
end

-- The reaper ended it for less than it used, because its proxy was cut off: the rest is charged now, as far
-- as the balance goes.
local function settle_late(team, ending)
  local charged, _, cost, input, output =
    string.match(redis.call('HGET', KEYS[6], ending.id), '^(%d+)|(%d+)|(%d+)|(%d+)|(%d+)')
  local rest, rest_cost = ending.charge - tonumber(charged), math.max(0, ending.cost - tonumber(cost))
  redis.call('HDEL', KEYS[6], ending.id)
  seen[ending.id] = true
  if rest <= 0 and rest_cost == 0 then
    return say('already', 0, 0, team.spendable)
  end
  local charge = math.min(math.max(0, rest), math.max(0, team.spendable))
  team.spendable = team.spendable - charge
  team.changed = true
  ending.event = rest_of(ending.event, rest_cost, tonumber(input), tonumber(output))
  hand_in(team, ending, ending.id .. ':late', charge, math.max(0, rest) - charge, rest_cost)
  settle_meters(ending.taken, false, rest_cost, 0)
  return say('settled', charge, math.max(0, rest) - charge, team.spendable)
end

local function is_alive(packed)
  return packed and tonumber(string.match(packed, '^%d+|[^|]+|(%d+)|')) > now_ms()
end

local function is_resolved(id)
  return seen[id] or redis.call('SISMEMBER', KEYS[3], id) == 1 or redis.call('SISMEMBER', KEYS[4], id) == 1
end

-- Without a reservation the gate forgot it in a restart: what was used is charged all the same, up to what the
-- reservation had held.
local function settle(team, ending, packed)
  local held = packed and tonumber(string.match(packed, '^(%d+)')) or 0
  local is_new = ending.manner == 'settle' or ending.manner == 'lapsed'
  local charge = is_new and ending.charge or 0
  local cost = is_new and ending.cost or 0
  local excess = 0
  local most = packed and held or ending.most
  if charge > most then
    charge, excess = most, charge - most
  end
  finish(team, ending.id, held)
  team.spendable = team.spendable - charge
  team.changed = true
  if is_new then
    hand_in(team, ending, ending.id, charge, excess, cost)
  end
  settle_meters(ending.taken, packed and true or false, cost, ending.usage_tokens)
  if ending.manner == 'lapsed' then
    local input, output = usage_of(ending.event)
    redis.call('HSET', KEYS[6], ending.id,
      string.format('%d|%d|%d|%d|%d', charge, now_ms(), cost, input, output))
  end
  say('settled', charge, excess, team.spendable)
end

for line in string.gmatch(ARGV[3], '[^\n]+') do
  local place, manner, charge, most, cost, usage_tokens, team_id, id, taken, event =
    string.match(line, '^(%d+) (%a+) (%d+) (%d+) (%d+) (%d+) (%S+) (%S+) (%S+) (.*)$')
  local ending = {
    manner = manner,
    charge = tonumber(charge),
    most = tonumber(most),
    cost = tonumber(cost),
    usage_tokens = tonumber(usage_tokens),
    team_id = team_id,
    id = id,
    taken = taken,
    event = event,
  }
  local team = team_of(KEYS[tonumber(place)])
  local packed = not seen[id] and redis.call('HGET', KEYS[2], id)
  if not team then
    say('missing_team', 0, 0, 0)
  elseif (manner == 'lapsed' or manner == 'reap') and is_alive(packed) then
    say('alive', 0, 0, team.spendable)
  elseif not packed and (manner == 'settle' or manner == 'late') and not seen[id]
    and redis.call('HEXISTS', KEYS[6], id) == 1 then
    settle_late(team, ending)
  elseif not packed and (manner ~= 'settle' or is_resolved(id)) then
    say('already', 0, 0, team.spendable)
  else
    settle(team, ending, packed)
  end
end

for key, team in pairs(teams) do
  if team and team.changed then
    redis.call('HSET', key, 'spendable', whole(team.spendable), 'held', whole(team.held),
      'charged', whole(team.charged), 'latest', team.latest)
  end
end
for _, meter in pairs(meters) do
  if meter and meter.changed then
    redis.call('HSET', meter.key, meter.field, meter.text)
  end
end
if #ended > 0 then
  redis.call('HDEL', KEYS[2], unpack(ended))
  redis.call('SADD', KEYS[3], unpack(ended))
end
return drained .. ' ' .. (position or whole(redis_ms()) .. '-0') .. '\n' .. table.concat(answer, '\n')
