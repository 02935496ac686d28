#!lua
-- Decides on a batch of calls and reserves what they can cost at most, in one step.
-- KEYS: epoch, access, open, then the records of keys, teams, organizations, members, users and end users.
-- ARGV: run, deadline in ms, and a line for each call: its numbers (see call_from), reservation, team, hash of
-- the key, name asked for, model, endpoint, address, job and about, with tabs between. One text, because every
-- value of its own costs both ends more than its work.
-- Answers 'epoch' when Redis restarted since the proxy looked, 'waiting <ms>' while proxies hand in what
-- a restart may have lost, else a line of 9 words for each call; after tabs, where its subjects have meters:
-- what it took of them, the rates that are left, and the ceilings that refused or, in shadow, would have.

-- include arithmetic
-- include meters

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation', 'opens_ms', 'catalog')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local generation = epoch[2]
local now = now_ms()
local second = math.floor(now / 1000)
local opens = tonumber(epoch[3])
if now < opens then
  return 'waiting ' .. whole(opens - now)
end
local catalog_known = epoch[4] == generation

-- A record's fields, or false where it must be loaded first.
local records = {}
local function record(place, ...)
  local key = KEYS[place]
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

local decoded = {}
local NO_RULES = {}
local function rules_of(text)
  if not text or text == '' then
    return NO_RULES
  end
  local rules = decoded[text]
  if rules == nil then
    rules = cjson.decode(text)
    decoded[text] = rules
  end
  return rules
end

local teams = {}
local function team_of(place)
  local key = KEYS[place]
  local known = teams[key]
  if known == nil then
    local fields = record(place, 'status', 'until', 'groups', 'basis', 'multiplier', 'divisor', 'spendable', 'held',
      'overdraft', 'overdraft_until', 'rules')
    known = false
    if fields then
      local overdraft_until = tonumber(fields[11])
      known = {
        status = fields[2],
        status_until = fields[3],
        groups = fields[4],
        basis = fields[5],
        multiplier = tonumber(fields[6]),
        divisor = tonumber(fields[7]),
        spendable = tonumber(fields[8]),
        held = tonumber(fields[9]),
        overdraft = (overdraft_until == 0 or now < overdraft_until) and tonumber(fields[10]) or 0,
        rules = rules_of(fields[12]),
        granted = {},
        changed = false,
      }
    end
    teams[key] = known
  end
  return known
end

-- include admit-access

-- What the call itself is charged; inside of a job that pays by the job, nothing.
local function charge_of(team, call, cap)
  if team.basis == 'call' then
    return call.job == '' and team.multiplier or 0
  end
  local quantity = call.input_tokens + call.answers * cap
  if team.basis == 'cost_nano_usd' then
    quantity = call.input_nano + multiply_divide(cap, call.output_pico, 1000)
  end
  return multiply_divide(quantity, team.multiplier, team.divisor)
end

local function nano_of(call, cap)
  return call.input_nano + multiply_divide(cap, call.output_pico, 1000)
end

local function tokens_of(call, cap)
  return call.input_tokens + call.answers * cap
end

-- include admit-meters

local NOBODY = { basis = 'none', multiplier = 0, divisor = 0, spendable = 0, overdraft = 0 }
local answer = {}
local function say(verdict, reserved, cap, team, needed, more)
  team = team or NOBODY
  answer[#answer + 1] = string.format('%s %d %d %s %d %d %d %d %d%s', verdict, reserved, cap, team.basis,
    team.multiplier, team.divisor, team.spendable, needed, team.overdraft, more or '')
end

local function more_of(call, taken, shadows)
  if #call.meters == 0 then
    return ''
  end
  local missed = {}
  for at, hit in ipairs(shadows) do
    missed[at] = hit_text(hit)
    hit.meter.missed = hit.meter.missed + 1
  end
  return '\t' .. taken .. '\t' .. rate_left(call, 'requests') .. ' ' .. rate_left(call, 'usage_tokens') .. '\t'
    .. table.concat(missed, ';')
end

local opened = {}
local function reserve(team, call)
  local worst, shadows = look_at(call)
  if worst then
    return say('ceiling_reached', 0, 0, team, 0, more_of(call, '', {}) .. hit_text(worst))
  end
  local cap = affordable_cap(team, call)
  if cap == nil then
    return say('credits_exhausted', 0, 0, team, charge_of(team, call, call.minimum_cap))
  end
  local charge = charge_of(team, call, cap)
  local taken = take(call, cap)
  team.spendable = team.spendable - charge
  team.held = team.held + charge
  team.changed = true
  opened[#opened + 1] = call.id
  opened[#opened + 1] = whole(charge) .. '|' .. call.team_id .. '|' .. whole(now + call.deadline) .. '|0|0|0|' .. taken
    .. '|' .. call.about
  return say('admitted', charge, cap, team, charge, more_of(call, taken, shadows))
end

-- Gathers the meters that count a call; names the record whose boundaries have run out, if any. What calls no
-- model (a job that opens) is counted by none.
local function gather(call, place, what, rules)
  if rules.meters == nil or call.model == '' then
    return nil
  end
  local meters = meters_of(place, rules)
  if not meters then
    return what
  end
  for _, meter in ipairs(meters) do
    if meter.rule.model == nil or meter.rule.model == call.model then
      call.meters[#call.meters + 1] = meter
      local is_measured = meter.rule.kind == 'budget' or meter.rule.kind == 'usage_tokens'
      call.must_be_bounded = call.must_be_bounded or (is_measured and not meter.rule.shadow)
    end
  end
  return nil
end

-- Of the end user that a call names, where the organization bounds any; false where it must be loaded first.
local function heed_end_user(place, call, organization)
  if place == 0 or not organization or organization[5] ~= '1' then
    return true
  end
  local end_user = record(place, 'status', 'rules')
  if not end_user then
    return false
  end
  call.end_user_status, call.end_user_rules = end_user[2], rules_of(end_user[3])
  return true
end

local function missing_of(places, key, team, organization, member, user)
  return not key and 'key' or not team and 'team' or not organization and 'organization'
    or (places.member > 0 and not member) and 'member' or (places.user > 0 and not user) and 'user'
    or not catalog_known and 'catalog' or nil
end

local function call_from(line)
  local head, id, team_id, hash, asked, model, endpoint, address, job, about = string.match(line,
    '^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$')
  local numbers = {}
  for number in string.gmatch(head, '%d+') do
    numbers[#numbers + 1] = tonumber(number)
  end
  local places = { key = numbers[1], team = numbers[2], organization = numbers[3], member = numbers[4], user = numbers[5],
    end_user = numbers[6] }
  return places, {
    id = id,
    team_id = team_id,
    hash = hash,
    asked = asked,
    model = model,
    endpoint = endpoint,
    address = address,
    job = job,
    about = about,
    input_nano = numbers[7],
    output_pico = numbers[8],
    input_tokens = numbers[9],
    answers = numbers[10],
    cap = numbers[11],
    minimum_cap = numbers[12],
    unbounded = numbers[13] == 1,
    deadline = numbers[14],
    meters = {},
    must_be_bounded = false,
  }
end

local function decide(places, call, key, team, organization)
  call.key_rules = rules_of(key[7])
  local asked = call.asked
  local resolved = (call.key_rules.aliases or NO_RULES)[asked] or (team.rules.aliases or NO_RULES)[asked] or asked
  if resolved ~= call.model then
    return say('renamed', 0, 0, nil, 0, '\t' .. resolved)
  end
  local short = gather(call, places.key, 'key', call.key_rules)
    or gather(call, places.team, 'team', team.rules)
    or gather(call, places.organization, 'organization', rules_of(organization[4]))
    or (places.member > 0 and gather(call, places.member, 'member', rules_of(records[KEYS[places.member]][2])))
    or (places.user > 0 and gather(call, places.user, 'user', rules_of(records[KEYS[places.user]][2])))
    or (call.end_user_rules and gather(call, places.end_user, 'end_user', call.end_user_rules))
  if short then
    return say('missing_' .. short, 0, 0, nil, 0)
  end
  local refusal = refusal_of(key, organization, team, call)
  if refusal then
    return say(refusal, 0, 0, team, 0)
  end
  if call.id == '' then
    return say('admitted', 0, 0, team, 0)
  end
  return reserve(team, call)
end

for line in string.gmatch(ARGV[3], '[^\n]+') do
  local places, call = call_from(line)
  call.deadline = call.deadline > 0 and call.deadline or tonumber(ARGV[2])
  local key = record(places.key, 'hash', 'previous', 'previous_until', 'status', 'expires', 'rules')
  local team = team_of(places.team)
  local organization = record(places.organization, 'status', 'until', 'rules', 'bounds_end_users')
  local member = places.member > 0 and record(places.member, 'rules')
  local user = places.user > 0 and record(places.user, 'rules')
  local missing = missing_of(places, key, team, organization, member, user)
    or not heed_end_user(places.end_user, call, organization) and 'end_user'
  if missing then
    say('missing_' .. missing, 0, 0, nil, 0)
  else
    decide(places, call, key, team, organization)
  end
end

for key, team in pairs(teams) do
  if team and team.changed then
    redis.call('HSET', key, 'spendable', whole(team.spendable), 'held', whole(team.held))
  end
end
for key, meters in pairs(metered) do
  local fields = {}
  for _, meter in ipairs(meters or {}) do
    if meter.changed then
      fields[#fields + 1] = 'm:' .. meter.rule.meter
      fields[#fields + 1] = meter_text(meter)
    end
    if meter.missed > 0 then
      redis.call('HINCRBY', key, 'x:' .. meter.rule.meter, meter.missed)
    end
  end
  if #fields > 0 then
    redis.call('HSET', key, unpack(fields))
  end
end
if #opened > 0 then
  redis.call('HSET', KEYS[3], unpack(opened))
end
return table.concat(answer, '\n')
