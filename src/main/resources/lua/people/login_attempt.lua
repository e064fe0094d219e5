-- Counts a login attempt as failed, unless the account or the address has reached its limit.
-- KEYS: counter of the account, counter of the address
-- ARGV: limit of the account, limit of the address, window ms
-- Returns 0 if the attempt is allowed, or else the ms until the next attempt is allowed.
for i = 1, 2 do
  if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[i]) then
    return math.max(1, redis.call('PTTL', KEYS[i]))
  end
end
even_if_full(KEYS[1])
for i = 1, 2 do
  if redis.call('INCR', KEYS[i]) == 1 then
    redis.call('PEXPIRE', KEYS[i], ARGV[3])
  end
end
return 0
