#!lua flags=no-writes
-- What a subject's meters hold right now. KEYS: epoch, record. ARGV: run.
-- Answers 'epoch', 'missing', or a line for each: meter, ceiling now, used, held, when it begins anew in ms (0 for
-- never), and how often a shadow would have refused.

-- include arithmetic
-- include meters

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local known = redis.call('HMGET', KEYS[2], 'generation', 'rules')
if known[1] ~= epoch[2] then
  return 'missing'
end
local now = now_ms()
local second = math.floor(now / 1000)
local rules = known[2] and known[2] ~= '' and cjson.decode(known[2]) or {}
local answer = {}
for at, rule in ipairs(rules.meters or {}) do
  local value = redis.call('HGET', KEYS[2], 'm:' .. rule.meter)
  local used, held, ends = 0, 0, 0
  if rule.kind == 'budget' then
    local from, to = period_of(rule, now)
    if from == nil then
      return 'missing'
    end
    local known_from, spent, kept = budget_from(value)
    if known_from and known_from >= from then
      used, held = spent, kept
    end
    ends = to
  elseif rule.kind == 'parallel' then
    used = tonumber(value or 0)
  else
    local entries, sum = window_from(value, second)
    used = sum
    ends = #entries > 0 and (entries[#entries - 1] + WINDOW_SECONDS) * 1000 or 0
  end
  answer[at] = string.format('%s %d %d %d %d %d', rule.meter, max_of(rule, now), used, held, ends,
    tonumber(redis.call('HGET', KEYS[2], 'x:' .. rule.meter) or 0))
end
return table.concat(answer, '\n')
