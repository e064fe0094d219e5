-- Remembers the engine workers that a session reported, before its frame takes effect. slot.lua precedes this script.
-- KEYS: slots (or long-poll sessions), session details, reported engine workers (or the long-poll session)
-- ARGV: worker (or the agent's nonce for the session), session, long poll 0 or 1, most engine workers of a session,
--       then (engine, name)…
-- Returns 1, or 0 if the session does not hold the slot. A report of known engine workers changes nothing.
local worker, poll, most = ARGV[1], ARGV[3] == '1', tonumber(ARGV[4])
local slot = read_slot(redis.call('HGET', KEYS[1], worker))
if not slot or slot.session ~= ARGV[2] then
  return 0
end
local field, process = 'workers', nil
if not poll then
  field = worker
  local _, known = parse_details(redis.call('HGET', KEYS[2], worker) or '{}')
  process = known or ARGV[2]
end
local text = redis.call('HGET', KEYS[3], field)
local before = text and cjson.decode(text)
local names = before and before.process == process and before.names or {}

local function forget(engine, name)
  for i = 1, #names, 2 do
    if names[i] == engine and names[i + 1] == name then
      table.remove(names, i)
      table.remove(names, i)
      return
    end
  end
end

-- A process of RQ is one worker, but its events of a retried job name the worker that ran the job before.
local ONE_WORKER = {rq = true}
local function has_worker_of(engine)
  for i = 1, #names, 2 do
    if names[i] == engine then return true end
  end
  return false
end

for i = 5, #ARGV, 2 do
  local engine, name = ARGV[i], ARGV[i + 1]
  if not (ONE_WORKER[engine] and has_worker_of(engine)) then
    forget(engine, name)
    names[#names + 1] = engine
    names[#names + 1] = name
  end
end
while #names > 2 * most do
  table.remove(names, 1)
  table.remove(names, 1)
end
redis.call('HSET', KEYS[3], field, cjson.encode({process = process, names = names}))
return 1
