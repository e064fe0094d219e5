-- Stores a new user, unless the email is taken.
-- KEYS: user, emails (email -> id), users in order of creation
-- ARGV: id, email, score in the order, 1 if the user must be the first one or else 0, then (field, value)… of the user
-- Returns 'OK', 'TAKEN' (another user has the email) or 'NOT_FIRST' (a user exists already).
local before = redis.call('HGET', KEYS[2], ARGV[2])
if before == ARGV[1] then -- our own retry after a lost reply
  return 'OK'
elseif before then
  return 'TAKEN'
elseif ARGV[4] == '1' and redis.call('ZCARD', KEYS[3]) > 0 then
  return 'NOT_FIRST'
end
redis.call('HSET', KEYS[1], 'email', ARGV[2], 'generation', '1', unpack(ARGV, 5))
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
return 'OK'
