-- dead: a poison entry moves to the dead letters, and a refusal goes on in its place, so that the
-- listener's versions stay contiguous and every accepted event ends in an answer.
-- KEYS: 1 q:<stage>  2 u:<listener>  3 q:<next>, or out:<listener> at the last stage  4 att  5 dlq
-- ARGV: 1 entry id  2 listener  3 sequence  4 stage  5 reason  6 refusal  7 answers kept, '' when not the last stage
--       8 SHA-1 of the message that was found poisonous: a frame damaged on its way must not bury a sound entry
-- -> {'OK', next entry id | ''} | {'GONE'} | {'GAP'} | {'FORGED'}
local version = tonumber(redis.call('HGET', KEYS[2], 'v:' .. ARGV[4]) or '0')
local seq = tonumber(ARGV[3])
if version >= seq then return {'GONE'} end
if version + 1 ~= seq then return {'GAP'} end
local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not entry then return {'GONE'} end
local f = entry[2]
if f[2] ~= ARGV[2] or f[4] ~= ARGV[3] or redis.sha1hex(f[6]) ~= ARGV[8] then return {'FORGED'} end
redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[2], 'v:' .. ARGV[4], seq)
redis.call('XADD', KEYS[5], '*', 'stage', ARGV[4], 'id', ARGV[1], 'u', ARGV[2], 's', seq, 'why', ARGV[5], 'm', f[6])
local out = ''
if ARGV[7] == '' then
  out = redis.call('XADD', KEYS[3], '*', 'u', ARGV[2], 's', seq, 'm', ARGV[6])
else
  redis.call('HSET', KEYS[3], seq, ARGV[6])
  redis.call('HDEL', KEYS[3], seq - tonumber(ARGV[7]))
end
redis.call('HDEL', KEYS[4], ARGV[4] .. ':' .. ARGV[1])
return {'OK', out}
