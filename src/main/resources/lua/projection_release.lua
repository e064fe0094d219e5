-- Ends a lease, if it is still the one.
-- KEYS: projection
-- ARGV: node, epoch
local kept = redis.call('HMGET', KEYS[1], 'owner', 'epoch')
if kept[1] ~= ARGV[1] or kept[2] ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'until', '0')
return 1
