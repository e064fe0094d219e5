-- Marks both ends of the audit anew, behind a record that says so; not if they are marked, or records came or went since.
-- KEYS: stream, ends of the chain
-- ARGV: seq and mac of the last record, seq, mac and seal of the anchor, seq after it, seq, mac and seal of the new head,
--       id and text of its record
-- Returns 1 when it did, be it before a reply was lost, else 0.
local stream, ends = KEYS[1], KEYS[2]
local now = redis.call('HMGET', ends, 'head_seq', 'head_mac')
if now[1] == ARGV[7] and now[2] == ARGV[8] then
  return 1
end
local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
if redis.call('EXISTS', ends) == 1 or not last or last[1] ~= ARGV[1] .. '-0' or last[2][4] ~= ARGV[2] then
  return 0
end
redis.call('XADD', stream, ARGV[7] .. '-0', 'id', ARGV[10], 'mac', ARGV[8], 'record', ARGV[11])
redis.call('HSET', ends, 'head_seq', ARGV[7], 'head_mac', ARGV[8], 'head_seal', ARGV[9])
if ARGV[3] ~= '0' then
  redis.call('HSET', ends, 'anchor_seq', ARGV[3], 'anchor_mac', ARGV[4], 'anchor_seal', ARGV[5])
  redis.call('XTRIM', stream, 'MINID', ARGV[6] .. '-0')
end
return 1
