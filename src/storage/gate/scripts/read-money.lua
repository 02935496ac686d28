#!lua flags=no-writes
-- A team's money and a subject's meters, of one moment, with all that they must agree with.
-- KEYS: epoch, record, open, usage. ARGV: run, subject, drained position.
-- Answers 'epoch', 'missing', or lines: the money's fields, with what is held and charged beside it; then for each
-- budget "meter from spent held undrained taken", and for each limit of calls at once "meter 0 open 0 0 taken".

-- include arithmetic
-- include meters
-- include rebuild

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
local known = redis.call('HMGET', KEYS[2], 'generation', 'rules', 'funded', 'sequence', 'charged', 'held', 'spendable')
if known[1] ~= epoch[2] then
  return 'missing'
end
local subject, drained = ARGV[2], ARGV[3]
local opened = redis.call('HVALS', KEYS[3])

local function held_by(team_id)
  local held = 0
  for _, packed in ipairs(opened) do
    local charge, owner = string.match(packed, '^(%d+)|([^|]+)|')
    if owner == team_id then
      held = held + tonumber(charge)
    end
  end
  return held
end

local answer = { '' }
local team_id = string.match(subject, '^team:(.+)$')
if team_id then
  answer[1] = table.concat({ known[3], known[4], known[5], known[6], known[7], whole(held_by(team_id)),
    whole(undrained_charge(KEYS[4], drained, team_id)) }, ' ')
end
local now = now_ms()
local rules = known[2] and known[2] ~= '' and cjson.decode(known[2]) or {}
for _, rule in ipairs(rules.meters or {}) do
  local value = redis.call('HGET', KEYS[2], 'm:' .. rule.meter)
  if rule.kind == 'budget' then
    local from, spent, held = budget_from(value)
    if from and from == period_of(rule, now) then
      local wanted = string.format(';%s,%s,%d;', subject, rule.meter, from)
      answer[#answer + 1] = string.format('%s %d %d %d %d %d', rule.meter, from, spent, held,
        undrained_spend(KEYS[4], drained, wanted), (taken_of(opened, subject, rule.meter, from)))
    end
  elseif rule.kind == 'parallel' then
    local _, count = taken_of(opened, subject, rule.meter, nil)
    answer[#answer + 1] = string.format('%s 0 %d 0 0 %d', rule.meter, tonumber(value or 0), count)
  end
end
return table.concat(answer, '\n')
