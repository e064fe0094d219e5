-- Drops the oldest records of the audit up to a new anchor, unless one as late is there already.
-- KEYS: stream, ends of the chain
-- ARGV: seq, mac and seal of the anchor, seq after it
if tonumber(redis.call('HGET', KEYS[2], 'anchor_seq') or '0') >= tonumber(ARGV[1]) then
  return 0
end
redis.call('HSET', KEYS[2], 'anchor_seq', ARGV[1], 'anchor_mac', ARGV[2], 'anchor_seal', ARGV[3])
return redis.call('XTRIM', KEYS[1], 'MINID', ARGV[4] .. '-0')
