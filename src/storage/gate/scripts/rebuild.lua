-- Building a subject's meters anew from what the records have, what is handed in but not drained, and what is
-- open. Only under the shard's lock, because then what is drained can't move.

-- What the events of a team after a position were charged.
local function undrained_charge(usage, position, team_id)
  local sum, from = 0, '(' .. position
  while true do
    local page = redis.call('XRANGE', usage, from, '+', 'COUNT', 1000)
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

-- What the events after a position spent of one period of a budget.
local function undrained_spend(usage, position, wanted)
  local sum, from = 0, '(' .. position
  while true do
    local page = redis.call('XRANGE', usage, from, '+', 'COUNT', 1000)
    for _, entry in ipairs(page) do
      local spent = entry[2][4]
      if spent and string.find(';' .. string.match(spent, ' (.*)$') .. ';', wanted, 1, true) then
        sum = sum + tonumber(string.match(spent, '^%d+'))
      end
      from = '(' .. entry[1]
    end
    if #page < 1000 then
      return sum
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

-- The fields of the meters that must be built: all of a record that is missing, else those that are new. Answers
-- nil where that needs the lock and nobody holds it. `spends` are "meter start spent" as the records have them.
local function meters_to_build(record, subject, rules, spends, exists, place)
  local fields = {}
  local opened = nil
  for _, rule in ipairs(rules.meters or {}) do
    local field = 'm:' .. rule.meter
    local known = redis.call('HGET', record, field)
    if is_budget(rule.meter) and not (exists and known) then
      if not place.locked then
        return nil
      end
      local from = period_of(rule, place.now) or 0
      local spent = 0
      for _, spend in ipairs(spends) do
        local meter, start, amount = string.match(spend, '^(%S+) (%d+) (%d+)$')
        if meter == rule.meter and tonumber(start) == from then
          spent = tonumber(amount)
        end
      end
      local known_from, known_spent, _, latest = budget_from(known)
      if not known then
        local wanted = string.format(';%s,%s,%d;', subject, rule.meter, from)
        spent = spent + undrained_spend(place.usage, place.drained, wanted)
      elseif known_from == from and is_after(latest, place.drained) then
        spent = known_spent
      end
      opened = opened or redis.call('HVALS', place.open)
      local held = taken_of(opened, subject, rule.meter, from)
      fields[#fields + 1] = field
      fields[#fields + 1] = budget_text(from, spent, held, known and latest or '0-0')
    elseif string.sub(rule.meter, 1, 8) == 'parallel' and not (exists and known) then
      opened = opened or redis.call('HVALS', place.open)
      local _, count = taken_of(opened, subject, rule.meter, nil)
      fields[#fields + 1] = field
      fields[#fields + 1] = whole(count)
    end
  end
  return fields
end
