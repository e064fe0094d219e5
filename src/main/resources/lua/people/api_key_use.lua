-- Finds an API key that has not expired, and records from time to time that it was used.
-- KEYS: API key
-- ARGV: least ms between two updates of last_used_at
-- Returns the fields and values of the key, or nil if the key is unknown or has expired.
local flat = redis.call('HGETALL', KEYS[1])
if #flat == 0 then
  return false
end
local key = {}
for i = 1, #flat, 2 do
  key[flat[i]] = flat[i + 1]
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if key.expires_at ~= '' and now >= tonumber(key.expires_at) then
  return false
end
if key.last_used_at == '' or now - tonumber(key.last_used_at) >= tonumber(ARGV[1]) then
  even_if_full(KEYS[1])
  redis.call('HSET', KEYS[1], 'last_used_at', string.format('%.0f', now))
end
return flat
