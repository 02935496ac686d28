#!lua
-- Decides on a batch of calls and reserves what they can cost at most, in one step.
-- KEYS: epoch, access, open, then the records of keys, teams and organizations.
-- ARGV: run, deadline in ms, and a line for each call: its numbers (see the names below), reservation, team,
-- model and about, with tabs between. One text, because every value of its own costs both ends more than its
-- work.
-- Answers 'epoch' when Redis restarted since the proxy looked, 'waiting <ms>' while proxies hand in what
-- a restart may have lost, else a line of 8 words for each call.

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation', 'opens_ms', 'catalog')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local generation = epoch[2]
local now = now_ms()
local opens = tonumber(epoch[3])
if now < opens then
  return 'waiting ' .. whole(opens - now)
end
local deadline = whole(now + tonumber(ARGV[2]))
local catalog_known = epoch[4] == generation

local records = {}
local function record(key, ...)
  local known = records[key]
  if known == nil then
    known = redis.call('HMGET', key, 'generation', ...)
    if known[1] ~= generation then
      known = false
    end
    records[key] = known
  end
  return known
end

local teams = {}
local function team_of(key)
  local known = teams[key]
  if known == nil then
    local fields = record(key, 'status', 'groups', 'basis', 'multiplier', 'divisor', 'spendable', 'held')
    known = fields and {
      status = fields[2],
      groups = fields[3],
      basis = fields[4],
      multiplier = tonumber(fields[5]),
      divisor = tonumber(fields[6]),
      spendable = tonumber(fields[7]),
      held = tonumber(fields[8]),
      allowed = {},
      changed = false,
    }
    teams[key] = known
  end
  return known
end

local function allowed(team, model)
  local known = team.allowed[model]
  if known == nil then
    known = false
    local fields = {}
    for group in string.gmatch(team.groups, '[^\n]+') do
      fields[#fields + 1] = group .. '\n' .. model
    end
    if #fields > 0 then
      for _, granted in ipairs(redis.call('HMGET', KEYS[2], unpack(fields))) do
        known = known or granted ~= false
      end
    end
    team.allowed[model] = known
  end
  return known
end

local function charge_of(team, call, cap)
  if team.basis == 'call' then
    return team.multiplier
  end
  local quantity = call.input_tokens + call.answers * cap
  if team.basis == 'cost_nano_usd' then
    quantity = call.input_nano + multiply_divide(cap, call.output_pico, 1000)
  end
  return multiply_divide(quantity, team.multiplier, team.divisor)
end

-- The largest cap that the balance pays for, by halving between one that it pays and one it does not.
local function affordable_cap(team, call)
  local paid, unpaid = call.minimum_cap, call.cap
  while unpaid - paid > 1 do
    local middle = math.floor((paid + unpaid) / 2)
    if charge_of(team, call, middle) <= team.spendable then
      paid = middle
    else
      unpaid = middle
    end
  end
  return paid
end

local function refusal_of(key, organization, team, call)
  local status = key[2]
  if status ~= 'active' then
    return 'key_' .. status
  end
  local expires = tonumber(key[3])
  if expires > 0 and expires <= now then
    return 'key_expired'
  end
  if organization[2] ~= 'active' then
    return 'organization_' .. organization[2]
  end
  if team.status ~= 'active' then
    return 'team_' .. team.status
  end
  if call.model ~= '' and not allowed(team, call.model) then
    return 'model_not_allowed'
  end
  if call.unbounded and team.basis ~= 'call' then
    return 'cost_unbounded'
  end
  return nil
end

local NOBODY = { basis = 'none', multiplier = 0, divisor = 0, spendable = 0 }
local answer = {}
local function say(verdict, reserved, cap, team, needed)
  team = team or NOBODY
  answer[#answer + 1] = string.format('%s %d %d %s %d %d %d %d', verdict, reserved, cap, team.basis,
    team.multiplier, team.divisor, team.spendable, needed)
end

local opened = {}
local function reserve(team, call)
  local charge, cap = charge_of(team, call, call.cap), call.cap
  if charge > team.spendable and team.basis ~= 'call' and call.minimum_cap < call.cap then
    local least = charge_of(team, call, call.minimum_cap)
    if least > team.spendable then
      return say('credits_exhausted', 0, 0, team, least)
    end
    cap = affordable_cap(team, call)
    charge = charge_of(team, call, cap)
  end
  if charge > team.spendable then
    return say('credits_exhausted', 0, 0, team, charge)
  end
  team.spendable = team.spendable - charge
  team.held = team.held + charge
  team.changed = true
  opened[#opened + 1] = call.id
  opened[#opened + 1] = whole(charge) .. '|' .. call.team_id .. '|' .. deadline .. '|0|' .. call.about
  return say('admitted', charge, cap, team, charge)
end

for line in string.gmatch(ARGV[3], '[^\n]+') do
  local head, id, team_id, model, about = string.match(line, '^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$')
  local numbers = {}
  for number in string.gmatch(head, '%d+') do
    numbers[#numbers + 1] = tonumber(number)
  end
  local call = {
    id = id,
    team_id = team_id,
    model = model,
    about = about,
    input_nano = numbers[4],
    output_pico = numbers[5],
    input_tokens = numbers[6],
    answers = numbers[7],
    cap = numbers[8],
    minimum_cap = numbers[9],
    unbounded = numbers[10] == 1,
  }
  local key = record(KEYS[numbers[1]], 'status', 'expires')
  local team = team_of(KEYS[numbers[2]])
  local organization = record(KEYS[numbers[3]], 'status')
  if not (key and team and organization and catalog_known) then
    local missing = not key and 'key' or not team and 'team' or not organization and 'organization' or 'catalog'
    say('missing_' .. missing, 0, 0, nil, 0)
  else
    local refusal = refusal_of(key, organization, team, call)
    if refusal then
      say(refusal, 0, 0, team, 0)
    elseif call.id == '' then
      say('admitted', 0, 0, team, 0)
    else
      reserve(team, call)
    end
  end
end

for key, team in pairs(teams) do
  if team and team.changed then
    redis.call('HSET', key, 'spendable', whole(team.spendable), 'held', whole(team.held))
  end
end
if #opened > 0 then
  redis.call('HSET', KEYS[3], unpack(opened))
end
return table.concat(answer, '\n')
