-- Releases a lease, if it is still the current one. It is free from now on, or from the time when it expired.
-- KEYS: lease
-- ARGV: node, epoch
-- Returns 1 if the lease was released, else 0.
local kept = redis.call('HMGET', KEYS[1], 'owner', 'epoch', 'until')
if kept[1] ~= ARGV[1] or kept[2] ~= ARGV[2] then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
even_if_full(KEYS[1])
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', math.min(now, tonumber(kept[3]))))
return 1
