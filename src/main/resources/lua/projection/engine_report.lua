-- Stores the health of an engine's workers or queues, as heartbeats report it. In a full hash, a new field replaces the field
-- that was written the longest time ago.
-- KEYS: hash of reports, order of its fields
-- ARGV: most fields of the hash, then (field, value)…
-- Returns 1.
local most = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 2, #ARGV, 2 do
  keep_newest(KEYS[1], KEYS[2], most, now, ARGV[i], ARGV[i + 1])
end
return 1
