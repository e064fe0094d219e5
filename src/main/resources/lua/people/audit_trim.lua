-- Removes the oldest records of the audit up to a new anchor. Does nothing if the present anchor is as late or later.
-- KEYS: stream of records, hash with both ends of the chain
-- ARGV: seq, mac and seal of the new anchor, seq of the first record after the anchor
-- Returns the number of removed records.
if tonumber(redis.call('HGET', KEYS[2], 'anchor_seq') or '0') >= tonumber(ARGV[1]) then
  return 0
end
even_if_full(KEYS[2])
redis.call('HSET', KEYS[2], 'anchor_seq', ARGV[1], 'anchor_mac', ARGV[2], 'anchor_seal', ARGV[3])
return redis.call('XTRIM', KEYS[1], 'MINID', ARGV[4] .. '-0')
