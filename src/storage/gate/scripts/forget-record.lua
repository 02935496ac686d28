#!lua flags=allow-oom
-- Makes a record count as missing, with all that it counted and others know better: the next call, or the next
-- projection, builds it anew from the records. What a minute's limits counted stays: nobody else knows it.
-- KEYS: record.

local gone = { 'generation', 'charged', 'latest' }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 9) == 'm:budget-' or string.sub(field, 1, 10) == 'm:parallel' then
    gone[#gone + 1] = field
  end
end
redis.call('HDEL', KEYS[1], unpack(gone))
return 'forgotten'
