-- Releases a lease, if it is still the current one.
-- KEYS: projection
-- ARGV: node, epoch
-- Returns 1 if the lease was released, else 0.
local kept = redis.call('HMGET', KEYS[1], 'owner', 'epoch')
if kept[1] ~= ARGV[1] or kept[2] ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'until', '0')
return 1
