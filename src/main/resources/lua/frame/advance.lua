-- Applies a frame that stores at most one small field: checks the session's slot, then the seq, then writes the field.
-- slot.lua precedes this script.
-- KEYS: slots (or long-poll sessions), hash that receives the field
-- ARGV: worker, session, seq, retried 0 or 1, lease ms, field (empty = store nothing), value
-- Returns 'OK' (applied), or 'F1', 'F0' or 'R' as in slot.lua.
local refused = advance(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1', tonumber(ARGV[5]), now_ms())
if refused then
  return refused
end
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[6], ARGV[7])
end
return 'OK'
