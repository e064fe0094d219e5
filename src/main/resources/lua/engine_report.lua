-- Keeps what heartbeats told of an engine's workers or queues.
-- KEYS: the hash
-- ARGV: fields that it may have, then (field, value)…
local most = tonumber(ARGV[1])
for i = 2, #ARGV, 2 do
  if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 or redis.call('HLEN', KEYS[1]) < most then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
return 1
