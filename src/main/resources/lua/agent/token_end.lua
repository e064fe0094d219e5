-- Lets a token expire after a time, unless it expires earlier anyway.
-- KEYS: token
-- ARGV: ms until the token expires, 0 = now
-- Returns the ms that the token stays valid; 0 if it is gone.
local after = tonumber(ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left == -2 then
  return 0
end
if after == 0 then
  redis.call('DEL', KEYS[1])
  return 0
end
if left == -1 or left > after then
  redis.call('PEXPIRE', KEYS[1], after)
  return after
end
return left
