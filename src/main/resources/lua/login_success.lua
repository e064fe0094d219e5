-- Takes back what an attempt counted: the account begins anew, the address has one failure less.
-- KEYS: counter of the account, counter of the address
redis.call('DEL', KEYS[1])
if tonumber(redis.call('GET', KEYS[2]) or '0') > 0 then
  redis.call('DECR', KEYS[2])
end
return 1
