-- Takes back the failure that login_attempt.lua counted: resets the account and subtracts 1 from the address.
-- KEYS: counter of the account, counter of the address
-- Returns 1.
redis.call('DEL', KEYS[1])
if tonumber(redis.call('GET', KEYS[2]) or '0') > 0 then
  redis.call('DECR', KEYS[2])
end
return 1
