-- Has a token end after a time, unless it ends before.
-- KEYS: token
-- ARGV: ms, 0 = now
-- Returns how many ms it stays valid; 0 when it is gone.
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
