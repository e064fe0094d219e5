-- Changes fields of an existing user.
-- KEYS: user
-- ARGV: unique id of the change, 1 if the user's sessions end or else 0, then (field, value)…
-- Returns 1 if the user exists, else 0.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
if redis.call('HGET', KEYS[1], 'change') == ARGV[1] then -- our own retry after a lost reply
  return 1
end
even_if_full(KEYS[1]) -- an administrator may disable a user at any time
redis.call('HSET', KEYS[1], 'change', ARGV[1], unpack(ARGV, 3))
if ARGV[2] == '1' then
  redis.call('HINCRBY', KEYS[1], 'generation', 1)
end
return 1
