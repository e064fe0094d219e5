-- Deletes a user.
-- KEYS: user, emails (email -> id), users in order of creation
-- ARGV: id
-- Returns 1 if the user existed, else 0.
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
