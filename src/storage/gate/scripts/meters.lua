-- Meters: what a subject's ceilings count. A subject is a key, a team, an organization, a user, a member or an end user.
-- Its record carries `rules`, JSON written by rules-text.ts, and a field `m:<meter>` for each meter:
--   requests, usage_tokens: the last 60 seconds as pairs of second and count, packed;
--   parallel: how many calls are open;
--   budget-…: "start|spent|held|latest": its period's start in ms, nano-USD, and the position of the latest event.
-- What a reservation took of meters stands with it as "subject,meter,stamp,amount", joined by ";".

local WINDOW_SECONDS = 60
local NEVER = -1
-- Above every number that is counted here.
local PLENTY = 9007199254740991

-- The pairs that are still within the window, and their sum.
local function window_from(packed, second)
  local entries, sum = {}, 0
  if packed then
    local all = cmsgpack.unpack(packed)
    for at = 1, #all, 2 do
      if all[at] > second - WINDOW_SECONDS then
        entries[#entries + 1] = all[at]
        entries[#entries + 1] = all[at + 1]
        sum = sum + all[at + 1]
      end
    end
  end
  return entries, sum
end

-- Counts at a second; answers the one that it was counted at, which is later where the clock ran back.
local function window_add(entries, second, amount)
  local last = #entries - 1
  if last > 0 and entries[last] >= second then
    entries[last + 1] = entries[last + 1] + amount
    return entries[last]
  end
  entries[#entries + 1] = second
  entries[#entries + 1] = amount
  return second
end

-- In how many seconds at least so much will have left the window.
local function window_wait(entries, second, amount)
  local left = 0
  for at = 1, #entries, 2 do
    left = left + entries[at + 1]
    if left >= amount then
      return entries[at] + WINDOW_SECONDS - second
    end
  end
  return NEVER
end

-- The period that a moment lies in, from inclusive to exclusive, in ms: 0, 0 where it lasts for ever; nil when
-- the boundaries that were brought along have run out, or begin more than a period later.
local function period_of(rule, now)
  if rule.length then
    local from = rule.anchor + math.floor((now - rule.anchor) / rule.length) * rule.length
    return from, from + rule.length
  end
  local bounds = rule.bounds
  if not bounds then
    return 0, 0
  end
  if now < bounds[1] - (bounds[2] - bounds[1]) then
    return nil
  end
  for at = 2, #bounds do
    if now < bounds[at] then
      return bounds[at - 1], bounds[at]
    end
  end
  return nil
end

local function budget_from(text)
  local from, spent, held, latest = string.match(text or '', '^(%d+)|(%d+)|(%d+)|(.*)$')
  return tonumber(from), tonumber(spent), tonumber(held), latest
end

local function budget_text(from, spent, held, latest)
  return string.format('%d|%d|%d|%s', from, spent, held, latest)
end

-- A meter as its field holds it.
local function meter_text(meter)
  if meter.rule.kind == 'budget' then
    return budget_text(meter.from, meter.spent, meter.held, meter.latest)
  end
  return meter.open and whole(meter.open) or cmsgpack.pack(meter.entries)
end

-- What a ceiling is right now.
local function max_of(rule, now)
  if rule.boost and now < rule.boost_until then
    return rule.max + rule.boost
  end
  return rule.max
end

-- Whether a stream position is after another.
local function is_after(one, other)
  local one_ms, one_number = string.match(one, '^(%d+)-(%d+)$')
  local other_ms, other_number = string.match(other, '^(%d+)-(%d+)$')
  if one_ms ~= other_ms then
    return tonumber(one_ms) > tonumber(other_ms)
  end
  return tonumber(one_number) > tonumber(other_number)
end
