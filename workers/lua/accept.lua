-- accept: the gateway hands an event over. All keys share one hash tag {pNNN}.
-- KEYS: 1 u:<listener>  2 seen:<listener>  3 q:fetch  4 q:cluster  5 q:score  6 q:ledger
-- ARGV: 1 event id (16 bytes)  2 listener  3 message  4 first stage ('fetch' | 'score')
--       5 backlog bound  6 dedupe window  7 pending bound
--       8 the sequence it was promised, when Redis may have lost it since; '' for a new event
--       9 '1' to wait until the lower numbers that were promised are given again
-- -> {'OK', sequence, stage, entry id} | {'DUP', sequence, last recorded} | {'BUSY', which bound}
--    | {'EARLY', last sequence}: what was promised a lower number must come first
-- Every check stands before the first write: Redis never rolls a script back.
local known = redis.call('HGET', KEYS[2], ARGV[1])
if known then return {'DUP', tonumber(known), tonumber(redis.call('HGET', KEYS[1], 'v:ledger') or '0')} end
local v = redis.call('HMGET', KEYS[1], 'seq', 'v:fetch', 'v:cluster', 'v:ledger')
local last = tonumber(v[1] or '0')
local seq = last + 1
local promised = tonumber(ARGV[8])
if promised then
  -- Numbers older than the window were recorded long ago: only the id is forgotten, not the event.
  if promised <= last - tonumber(ARGV[6]) then return {'DUP', promised, tonumber(v[4] or '0')} end
  if seq < promised and ARGV[9] == '1' then return {'EARLY', last} end
else
  -- The bounds hold for what is new; what was promised was within them.
  for i = 3, 6 do
    if redis.call('XLEN', KEYS[i]) >= tonumber(ARGV[5]) then return {'BUSY', 'backlog'} end
  end
  if last - tonumber(v[4] or '0') >= tonumber(ARGV[7]) then return {'BUSY', 'pending'} end
end
local stage, queue = 'fetch', KEYS[3]
if ARGV[4] == 'score' and tonumber(v[2] or '0') == last and tonumber(v[3] or '0') == last then
  -- Nothing of this listener is under way before the scorer: the event skips those stages and their
  -- versions move along, so they stay contiguous. Otherwise it queues behind what is.
  stage, queue = 'score', KEYS[5]
  redis.call('HSET', KEYS[1], 'v:fetch', seq, 'v:cluster', seq)
end
redis.call('HSET', KEYS[1], 'seq', seq)
local id = redis.call('XADD', queue, '*', 'u', ARGV[2], 's', seq, 'm', ARGV[3])
redis.call('HSET', KEYS[2], ARGV[1], seq, '#' .. seq, ARGV[1])
local oldest = '#' .. (seq - tonumber(ARGV[6]))
local old = redis.call('HGET', KEYS[2], oldest)
if old then redis.call('HDEL', KEYS[2], oldest, old) end
return {'OK', seq, stage, id}
