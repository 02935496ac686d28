-- Building a subject's meters anew from what the records have, what is handed in but not drained, and what is
-- open. Only under the shard's lock, because then what is drained can't move.

-- What the events of a team after a position were charged, and where the latest of them stands.
local function undrained_charge(usage, position, team_id)
  local sum, from, latest = 0, '(' .. position, '0-0'
  while true do
    local page = redis.call('XRANGE', usage, from, '+', 'COUNT', 1000)
    for _, entry in ipairs(page) do
      local charge, owner = string.match(entry[2][2], '^(%d+) %d+ %S+ (%S+) ')
      if owner == team_id then
        sum, latest = sum + tonumber(charge), entry[1]
      end
      from = '(' .. entry[1]
    end
    if #page < 1000 then
      return sum, latest
    end
  end
end

-- What the events after a position spent of one period of a budget, and where the latest of them stands.
local function undrained_spend(usage, position, wanted)
  local sum, from, latest = 0, '(' .. position, '0-0'
  while true do
    local page = redis.call('XRANGE', usage, from, '+', 'COUNT', 1000)
    for _, entry in ipairs(page) do
      local spent = entry[2][4]
      if spent and string.find(';' .. string.match(spent, ' (.*)$') .. ';', wanted, 1, true) then
        sum, latest = sum + tonumber(string.match(spent, '^%d+')), entry[1]
      end
      from = '(' .. entry[1]
    end
    if #page < 1000 then
      return sum, latest
    end
  end
end

-- What open reservations took of a meter: amounts, or how many they are.
local function taken_of(opened, subject, meter, stamp)
  local amounts, count = 0, 0
  for _, packed in ipairs(opened) do
    local taken = string.match(packed, '^%d+|[^|]+|%d+|%d+|%d+|%d+|([^|]*)|') or ''
    for owner, name, at, amount in string.gmatch(taken, '([^,;]+),([^,;]+),(%d+),(%d+)') do
      if owner == subject and name == meter and (stamp == nil or tonumber(at) == stamp) then
        amounts, count = amounts + tonumber(amount), count + 1
      end
    end
  end
  return amounts, count
end

local function is_budget(meter)
  return string.sub(meter, 1, 7) == 'budget-'
end

-- What a budget's meter must hold; `known` is what it held, if anything.
local function built_budget(rule, subject, known, spends, place, opened)
  local from = period_of(rule, place.now) or 0
  local spent = 0
  for _, spend in ipairs(spends) do
    local meter, start, amount = string.match(spend, '^(%S+) (%d+) (%d+)$')
    if meter == rule.meter and tonumber(start) == from then
      spent = tonumber(amount)
    end
  end
  local known_from, known_spent, _, latest = budget_from(known)
  if known_from ~= from then
    local wanted = string.format(';%s,%s,%d;', subject, rule.meter, from)
    local undrained, at = undrained_spend(place.usage, place.drained, wanted)
    spent, latest = spent + undrained, at
  elseif is_after(latest, place.drained) then
    spent = known_spent
  end
  return budget_text(from, spent, taken_of(opened, subject, rule.meter, from), latest)
end

-- Whether a budget's meter counts its present period. It does not where the periods themselves were changed, and
-- counts on where the clock ran back over the boundary that it began at.
local function is_current(rule, known, now)
  local known_from = budget_from(known)
  local from, to = period_of(rule, now)
  return known_from ~= nil and (known_from == from or known_from == to)
end

-- A budget that no rule names any more counts nothing: set again, it is built from the records.
local function drop_unruled(record, rules)
  local ruled, gone = {}, {}
  for _, rule in ipairs(rules.meters or {}) do
    ruled['m:' .. rule.meter] = true
  end
  for _, field in ipairs(redis.call('HKEYS', record)) do
    if string.sub(field, 1, 9) == 'm:budget-' and not ruled[field] then
      gone[#gone + 1] = field
    end
  end
  if #gone > 0 then
    redis.call('HDEL', record, unpack(gone))
  end
end

-- The fields of the meters that must be built: all of a record that is missing, else those that are new or count
-- another period. Answers nil where that needs the lock and nobody holds it. `spends` are "meter start spent" as the
-- records have them.
local function meters_to_build(record, subject, rules, spends, exists, place)
  local fields = {}
  local opened = nil
  for _, rule in ipairs(rules.meters or {}) do
    local field = 'm:' .. rule.meter
    local known = redis.call('HGET', record, field)
    if is_budget(rule.meter) and not (exists and is_current(rule, known, place.now)) then
      if not place.locked then
        return nil
      end
      opened = opened or redis.call('HVALS', place.open)
      fields[#fields + 1] = field
      fields[#fields + 1] = built_budget(rule, subject, known, spends, place, opened)
    elseif string.sub(rule.meter, 1, 8) == 'parallel' and not (exists and known) then
      opened = opened or redis.call('HVALS', place.open)
      local _, count = taken_of(opened, subject, rule.meter, nil)
      fields[#fields + 1] = field
      fields[#fields + 1] = whole(count)
    end
  end
  drop_unruled(record, rules)
  return fields
end
