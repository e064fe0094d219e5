-- Forgets a user.
-- KEYS: user, emails, order
-- ARGV: id
local email = redis.call('HGET', KEYS[1], 'email')
if not email then
  return 0
end
redis.call('DEL', KEYS[1])
if redis.call('HGET', KEYS[2], email) == ARGV[1] then
  redis.call('HDEL', KEYS[2], email)
end
redis.call('ZREM', KEYS[3], ARGV[1])
return 1
