-- Every number here is a whole number below 2^53, which a double holds exactly.

-- ceil(quantity * multiplier / divisor), exact for divisors up to 2^30. The same steps as
-- multiplyDivideRoundingUp in core/pricing/charge.ts; a test holds both to the same answers.
local function multiply_divide(quantity, multiplier, divisor)
  local quantity_whole = math.floor(quantity / divisor)
  local quantity_rest = quantity - quantity_whole * divisor
  local multiplier_whole = math.floor(multiplier / divisor)
  local multiplier_rest = multiplier - multiplier_whole * divisor
  local high = math.floor(multiplier_rest / 32768)
  local low = multiplier_rest - high * 32768
  local product = quantity_rest * high
  local product_whole = math.floor(product / divisor)
  local rest = (product - product_whole * divisor) * 32768 + quantity_rest * low
  return quantity_whole * multiplier + quantity_rest * multiplier_whole
    + product_whole * 32768 + math.ceil(rest / divisor)
end

-- tostring() loses digits from 1e14 on.
local function whole(number)
  return string.format('%d', number)
end

-- What Redis itself takes for the time; positions of events are made of it.
local function redis_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- include clock
