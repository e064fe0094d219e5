-- Applies a registry_delta: checks the session's slot, then the seq, then removes and upserts entries.
-- slot.lua precedes this script.
-- KEYS: slots (or long-poll sessions), the agent's registry (engine|name -> entry), bytes of the registry
-- ARGV: worker, session, seq, retried 0 or 1, lease ms, engine, most entries, most bytes, number of removed names,
--       removed names…, (name, entry)…
-- Returns 'OK', 'F1', 'F0' or 'R' as in slot.lua. The script omits entries beyond either limit. An entry counts with its
-- field and its value.
local refused = advance(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1', tonumber(ARGV[5]), now_ms())
if refused then
  return refused
end

-- Measures a registry that an earlier version wrote.
local function measure()
  local sum = 0
  for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
    sum = sum + #field + redis.call('HSTRLEN', KEYS[2], field)
  end
  return sum
end

local bytes = tonumber(redis.call('GET', KEYS[3]) or measure())
local most = tonumber(ARGV[8])
local first = 10
local added = first + tonumber(ARGV[9])
for i = first, added - 1 do
  local field = ARGV[6] .. '|' .. ARGV[i]
  local size = redis.call('HSTRLEN', KEYS[2], field)
  if redis.call('HDEL', KEYS[2], field) == 1 then
    bytes = bytes - #field - size
  end
end
local room = tonumber(ARGV[7]) - redis.call('HLEN', KEYS[2])
for i = added, #ARGV, 2 do
  local field, entry = ARGV[6] .. '|' .. ARGV[i], ARGV[i + 1]
  local known = redis.call('HEXISTS', KEYS[2], field) == 1
  local grown = #entry + (known and -redis.call('HSTRLEN', KEYS[2], field) or #field)
  if (known or room > 0) and (grown <= 0 or bytes + grown <= most) then
    room = room - redis.call('HSET', KEYS[2], field, entry)
    bytes = bytes + grown
  end
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  redis.call('SET', KEYS[3], string.format('%d', bytes))
else
  redis.call('DEL', KEYS[3])
end
return 'OK'
