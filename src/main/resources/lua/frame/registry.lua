-- Applies a registry_delta: checks the session's slot, then the seq, then removes and upserts entries.
-- slot.lua precedes this script.
-- KEYS: slots (or long-poll sessions), the agent's registry (engine|name -> entry)
-- ARGV: worker, session, seq, retried 0 or 1, lease ms, engine, most entries, number of removed names, removed names…,
--       (name, entry)…
-- Returns 'OK', 'F1', 'F0' or 'R' as in slot.lua. The script omits new entries beyond the limit.
local refused = advance(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1', tonumber(ARGV[5]), now_ms())
if refused then
  return refused
end
local first = 9
local added = first + tonumber(ARGV[8])
for i = first, added - 1 do
  redis.call('HDEL', KEYS[2], ARGV[6] .. '|' .. ARGV[i])
end
local room = tonumber(ARGV[7]) - redis.call('HLEN', KEYS[2])
for i = added, #ARGV, 2 do
  local field = ARGV[6] .. '|' .. ARGV[i]
  if room > 0 or redis.call('HEXISTS', KEYS[2], field) == 1 then
    room = room - redis.call('HSET', KEYS[2], field, ARGV[i + 1])
  end
end
return 'OK'
