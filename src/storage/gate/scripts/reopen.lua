#!lua flags=allow-oom
-- Opens again the reservations of calls under way that a restart may have lost.
-- KEYS: epoch, open, resolved, resolved before, then the records of teams and of all subjects whose meters were
-- taken.
-- ARGV: run; deadline in ms; a line for each subject: its name and its record's index; then 6 for each: team
-- record's index, team, reservation, held, what it took of meters, about.
-- Answers {'epoch'}, or for each 'open' or 'missing_team'.

-- include arithmetic
-- include meters

local FIELDS = 6
local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return { 'epoch' }
end
local generation = epoch[2]
local deadline = whole(now_ms() + tonumber(ARGV[2]))

local record_of = {}
for subject, place in string.gmatch(ARGV[3], '(%S+) (%d+)') do
  record_of[subject] = KEYS[tonumber(place)]
end

-- A record that is missing counts its open reservations when it is built.
local function take_again(taken)
  for subject, name, stamp, amount in string.gmatch(taken, '([^,;]+),([^,;]+),(%d+),(%d+)') do
    local key = record_of[subject]
    local text = redis.call('HGET', key, 'generation') == generation and redis.call('HGET', key, 'm:' .. name)
    if text and string.sub(name, 1, 7) == 'budget-' then
      local from, spent, held, latest = budget_from(text)
      if from == tonumber(stamp) then
        redis.call('HSET', key, 'm:' .. name, budget_text(from, spent, held + tonumber(amount), latest))
      end
    elseif text and string.sub(name, 1, 8) == 'parallel' then
      redis.call('HSET', key, 'm:' .. name, whole(tonumber(text) + 1))
    end
  end
end

local answer = {}
for at = 4, #ARGV, FIELDS do
  local key = KEYS[tonumber(ARGV[at])]
  local team_id, id, held, taken, about = unpack(ARGV, at + 1, at + FIELDS - 1)
  local fields = redis.call('HMGET', key, 'generation', 'spendable', 'held')
  if fields[1] ~= generation then
    answer[#answer + 1] = 'missing_team'
  else
    if redis.call('HEXISTS', KEYS[2], id) == 0 and redis.call('SISMEMBER', KEYS[3], id) == 0
      and redis.call('SISMEMBER', KEYS[4], id) == 0 then
      redis.call('HSET', KEYS[2], id, held .. '|' .. team_id .. '|' .. deadline .. '|0|0|0|' .. taken .. '|' .. about)
      redis.call('HSET', key, 'spendable', whole(tonumber(fields[2]) - tonumber(held)),
        'held', whole(tonumber(fields[3]) + tonumber(held)))
      take_again(taken)
    end
    answer[#answer + 1] = 'open'
  end
end
return answer
