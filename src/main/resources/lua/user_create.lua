-- Keeps a new user, unless the email is taken.
-- KEYS: user, emails, order
-- ARGV: id, email, score, 1 if it must be the first, then fields and values
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
