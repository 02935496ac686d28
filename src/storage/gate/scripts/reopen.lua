#!lua flags=allow-oom
-- Opens again the reservations of calls under way that a restart may have lost.
-- KEYS: epoch, open, resolved, resolved before, then the records of teams.
-- ARGV: run, deadline in ms, then 5 for each: record's index, team, reservation, held, about.
-- Answers {'epoch'}, or for each 'open' or 'missing_team'.

local FIELDS = 5
local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation')
if epoch[1] ~= ARGV[1] then
  return { 'epoch' }
end
local deadline = whole(now_ms() + tonumber(ARGV[2]))
local answer = {}
for at = 3, #ARGV, FIELDS do
  local key = KEYS[tonumber(ARGV[at])]
  local team_id, id, held, about = unpack(ARGV, at + 1, at + 4)
  local fields = redis.call('HMGET', key, 'generation', 'spendable', 'held')
  if fields[1] ~= epoch[2] then
    answer[#answer + 1] = 'missing_team'
  else
    if redis.call('HEXISTS', KEYS[2], id) == 0 and redis.call('SISMEMBER', KEYS[3], id) == 0
      and redis.call('SISMEMBER', KEYS[4], id) == 0 then
      redis.call('HSET', KEYS[2], id, held .. '|' .. team_id .. '|' .. deadline .. '|0|' .. about)
      redis.call('HSET', key, 'spendable', whole(tonumber(fields[2]) - tonumber(held)),
        'held', whole(tonumber(fields[3]) + tonumber(held)))
    end
    answer[#answer + 1] = 'open'
  end
end
return answer
