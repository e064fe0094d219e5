-- Acquires the lease to project a project, unless the lease of another node is still running or has not been free for long
-- enough.
-- KEYS: lease
-- ARGV: node, lease ms, ms for which the lease must have been free
-- Returns the fields of the lease and their values, or {} if the node does not get the lease.
-- Every lease has a new epoch, even for the same node. Writes of an earlier lease that arrive late are rejected.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'owner', 'until')
if kept[1] and kept[1] ~= ARGV[1] and now < tonumber(kept[2]) + tonumber(ARGV[3]) then
  return {}
end
even_if_full(KEYS[1]) -- the holder of the lease makes room
redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'until', string.format('%.0f', now + tonumber(ARGV[2])))
return redis.call('HGETALL', KEYS[1])
