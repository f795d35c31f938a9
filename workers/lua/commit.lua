-- commit: a stage consumes its entry, keeps its state, and appends the next entry (or, at the last
-- stage, files the answer): one effect, exactly.
-- KEYS: 1 q:<stage>  2 u:<listener>  3 q:<next>, or out:<listener> at the last stage  4 att
-- ARGV: 1 entry id  2 listener  3 sequence  4 stage  5 '=' .. new state, '' to leave it
--       6 output  7 SHA-1 of the message that was computed on  8 answers kept, '' when not the last stage
-- -> {'OK', next entry id | ''} | {'GONE'} | {'GAP'} | {'FORGED'}
local version = tonumber(redis.call('HGET', KEYS[2], 'v:' .. ARGV[4]) or '0')
local seq = tonumber(ARGV[3])
if version >= seq then return {'GONE'} end
if version + 1 ~= seq then return {'GAP'} end
-- The entry must exist and be the one that was computed on: ids of two streams can coincide, and a
-- stale, misdirected or forged frame must not consume somebody else's entry or carry another payload.
local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not entry then return {'GONE'} end
local f = entry[2]
if f[2] ~= ARGV[2] or f[4] ~= ARGV[3] or redis.sha1hex(f[6]) ~= ARGV[7] then return {'FORGED'} end
redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[2], 'v:' .. ARGV[4], seq)
if ARGV[5] ~= '' then redis.call('HSET', KEYS[2], 'st:' .. ARGV[4], string.sub(ARGV[5], 2)) end
local out = ''
if ARGV[8] == '' then
  out = redis.call('XADD', KEYS[3], '*', 'u', ARGV[2], 's', seq, 'm', ARGV[6])
else
  redis.call('HSET', KEYS[3], seq, ARGV[6])
  redis.call('HDEL', KEYS[3], seq - tonumber(ARGV[8]))
end
redis.call('HDEL', KEYS[4], ARGV[4] .. ':' .. ARGV[1])
return {'OK', out}
