-- Marks both ends of the audit again after the marks were lost, and appends a record of the repair. Changes nothing if
--   the marks exist, or if records were added or removed since the caller read them.
-- KEYS: stream of records, hash with both ends of the chain
-- ARGV: seq and mac of the last record, seq, mac and seal of the anchor, seq of the first record after the anchor,
--       seq, mac and seal of the new head, id and text of the record of the repair
-- Returns 1 if this call, or an earlier one whose reply was lost, repaired the marks; else 0.
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
