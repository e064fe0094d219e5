-- Counts a login as failed, unless there were too many: then the milliseconds until it may be tried again.
-- KEYS: counter of the account, counter of the address
-- ARGV: bound of the account, bound of the address, window ms
for i = 1, 2 do
  if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[i]) then
    return math.max(1, redis.call('PTTL', KEYS[i]))
  end
end
for i = 1, 2 do
  if redis.call('INCR', KEYS[i]) == 1 then
    redis.call('PEXPIRE', KEYS[i], ARGV[3])
  end
end
return 0
