-- Stores the health of an engine's workers or queues, as heartbeats report it. A full hash takes no new fields.
-- KEYS: hash of reports
-- ARGV: most fields of the hash, then (field, value)…
-- Returns 1.
local most = tonumber(ARGV[1])
for i = 2, #ARGV, 2 do
  if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 or redis.call('HLEN', KEYS[1]) < most then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
return 1
