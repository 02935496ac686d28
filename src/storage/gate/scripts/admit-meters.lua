-- What a call asks of its subjects' meters, and what it takes of them. A part of admit.lua.

-- The meters of a subject's record; false where the boundaries of a budget have run out.
local metered = {}
local function meters_of(place, rules)
  local key = KEYS[place]
  local known = metered[key]
  if known ~= nil then
    return known
  end
  local meters = {}
  local names = {}
  for at, rule in ipairs(rules.meters) do
    names[at] = 'm:' .. rule.meter
  end
  local values = redis.call('HMGET', key, unpack(names))
  for at, rule in ipairs(rules.meters) do
    local meter = { rule = rule, subject = rules.subject, max = max_of(rule, now), changed = false, missed = 0 }
    if rule.kind == 'budget' then
      local from, to = period_of(rule, now)
      if from == nil then
        metered[key] = false
        return false
      end
      local known_from, spent, held, latest = budget_from(values[at])
      if known_from and known_from > to then
        -- The clock was far ahead for a while: what this period spent is in the records.
        redis.call('HDEL', key, names[at])
        metered[key] = false
        return false
      end
      -- A clock that ran back over a boundary begins no new period.
      if known_from and known_from >= from then
        meter.from, meter.spent, meter.held, meter.latest = known_from, spent, held, latest
      else
        meter.from, meter.spent, meter.held, meter.latest = from, 0, 0, latest or '0-0'
      end
      meter.to = to
    elseif rule.kind == 'parallel' then
      meter.open = tonumber(values[at] or 0)
    else
      meter.entries, meter.sum = window_from(values[at], second)
    end
    meters[at] = meter
  end
  metered[key] = meters
  return meters
end

-- What a meter holds, what the call needs of it, and in how many seconds that will fit.
local function reading(meter, call, cap)
  local kind = meter.rule.kind
  if kind == 'budget' then
    local wait = meter.to > 0 and math.ceil((meter.to - now) / 1000) or NEVER
    return meter.spent + meter.held, nano_of(call, cap), wait
  end
  if kind == 'parallel' then
    return meter.open, 1, 1
  end
  local wanted = kind == 'requests' and 1 or tokens_of(call, cap)
  return meter.sum, wanted, window_wait(meter.entries, second, meter.sum + wanted - meter.max)
end

-- Looks at all meters of a call with its least cap. Answers the ceiling that keeps it longest, if any.
local function look_at(call)
  local worst, shadows = nil, {}
  call.nano_room, call.tokens_room = PLENTY, PLENTY
  for _, meter in ipairs(call.meters) do
    local used, wanted, wait = reading(meter, call, call.minimum_cap)
    local is_shadow = meter.rule.shadow
    if used + wanted > meter.max then
      if wanted > meter.max then
        wait = NEVER
      end
      local hit = { meter = meter, used = used, wanted = wanted, wait = wait }
      if is_shadow then
        shadows[#shadows + 1] = hit
      elseif worst == nil or (worst.wait ~= NEVER and (wait == NEVER or wait > worst.wait)) then
        worst = hit
      end
    elseif not is_shadow and meter.rule.kind == 'budget' then
      call.nano_room = math.min(call.nano_room, meter.max - used)
    elseif not is_shadow and meter.rule.kind == 'usage_tokens' then
      call.tokens_room = math.min(call.tokens_room, meter.max - used)
    end
  end
  return worst, shadows
end

local function fits(team, call, cap)
  return charge_of(team, call, cap) <= team.spendable + team.overdraft
    and (call.nano_room == PLENTY or nano_of(call, cap) <= call.nano_room)
    and (call.tokens_room == PLENTY or tokens_of(call, cap) <= call.tokens_room)
end

-- The largest cap that balance, budgets and limits pay for, by halving between one that they do and one that they
-- do not; nil where they do not even pay for the least.
local function affordable_cap(team, call)
  if fits(team, call, call.cap) then
    return call.cap
  end
  if not fits(team, call, call.minimum_cap) then
    return nil
  end
  local paid, unpaid = call.minimum_cap, call.cap
  while unpaid - paid > 1 do
    local middle = math.floor((paid + unpaid) / 2)
    if fits(team, call, middle) then
      paid = middle
    else
      unpaid = middle
    end
  end
  return paid
end

-- Counts a call at its meters; answers what it took, to stand with its reservation.
local function take(call, cap)
  local taken = {}
  for _, meter in ipairs(call.meters) do
    local kind = meter.rule.kind
    local stamp, amount = 0, 1
    if kind == 'budget' then
      stamp, amount = meter.from, nano_of(call, cap)
      meter.held = meter.held + amount
    elseif kind == 'parallel' then
      meter.open = meter.open + 1
    else
      amount = kind == 'requests' and 1 or tokens_of(call, cap)
      stamp = window_add(meter.entries, second, amount)
      meter.sum = meter.sum + amount
    end
    meter.changed = true
    taken[#taken + 1] = string.format('%s,%s,%d,%d', meter.subject, meter.rule.meter, stamp, amount)
  end
  return table.concat(taken, ';')
end

-- What is left of the tightest limit of a kind: its size, the rest, and when nothing of it will be in use.
local function rate_left(call, kind)
  local tightest = nil
  for _, meter in ipairs(call.meters) do
    if meter.rule.kind == kind and not meter.rule.shadow
      and (tightest == nil or meter.max - meter.sum < tightest.max - tightest.sum) then
      tightest = meter
    end
  end
  if tightest == nil then
    return '- - -'
  end
  local entries = tightest.entries
  local reset = #entries > 0 and entries[#entries - 1] + WINDOW_SECONDS - second or 0
  return string.format('%d %d %d', tightest.max, math.max(0, tightest.max - tightest.sum), reset)
end

local function hit_text(hit)
  return string.format('%s %s %d %d %d %d', hit.meter.subject, hit.meter.rule.meter, hit.meter.max, hit.used,
    hit.wanted, hit.wait)
end
