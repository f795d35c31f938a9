-- attempt: counts a try of a suspicious entry before it is made, only while the entry exists (so that
-- no counter outlives its entry).
-- KEYS: 1 q:<stage>  2 att   ARGV: 1 entry id  2 stage
-- -> the count, 0 when the entry is gone
if #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then return 0 end
return redis.call('HINCRBY', KEYS[2], ARGV[2] .. ':' .. ARGV[1], 1)
