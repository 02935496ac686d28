#!lua
-- Holds spendable credits that are to leave a team, as a call's are held: an open reservation that nobody marks,
-- and whose end is no usage.
-- KEYS: epoch, team's record, open.
-- ARGV: run; reservation; team; amount; what must stay spendable; 1 to hold less where there is less, else 0; life
-- in ms; what the reservations of other attempts at the same change begin with.
-- Answers 'epoch', 'waiting' while proxies hand in what a restart may have lost, 'missing', 'held <amount>', or 'short <spendable> <held> <1 if another attempt holds credits>'.

-- include arithmetic

local epoch = redis.call('HMGET', KEYS[1], 'run', 'generation', 'opens_ms')
if epoch[1] ~= ARGV[1] then
  return 'epoch'
end
if now_ms() < tonumber(epoch[3]) then
  return 'waiting'
end
local team = redis.call('HMGET', KEYS[2], 'generation', 'spendable', 'held')
if team[1] ~= epoch[2] then
  return 'missing'
end
local spendable, held = tonumber(team[2]), tonumber(team[3])
local amount, left = tonumber(ARGV[4]), spendable - tonumber(ARGV[5])
if ARGV[6] == '1' then
  amount = math.min(amount, left)
end
if amount <= 0 or amount > left then
  local underway = 0
  for _, id in ipairs(redis.call('HKEYS', KEYS[3])) do
    if string.sub(id, 1, #ARGV[8]) == ARGV[8] then
      underway = 1
    end
  end
  return string.format('short %d %d %d', spendable, held, underway)
end
redis.call('HSET', KEYS[3], ARGV[2], whole(amount) .. '|' .. ARGV[3] .. '|' .. whole(now_ms() + tonumber(ARGV[7])) .. '|0|0|0||')
redis.call('HSET', KEYS[2], 'spendable', whole(spendable - amount), 'held', whole(held + amount))
return 'held ' .. whole(amount)
