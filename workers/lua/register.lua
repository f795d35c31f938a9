-- register: heartbeat and discovery in one call, on Redis's clock.
-- KEYS: 1 {reg}:<stage>   ARGV: 1 member 'name|endpoint|notices' ('' only reads)  2 ttl in ms (0 leaves)
-- -> the living members
-- A restarted worker keeps its name and replaces its old endpoint at once: nobody waits for a TTL.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 60000)
if ARGV[1] ~= '' then
  local name = string.match(ARGV[1], '^[^|]*|')
  for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    if member ~= ARGV[1] and string.sub(member, 1, #name) == name then redis.call('ZREM', KEYS[1], member) end
  end
  if tonumber(ARGV[2]) > 0 then
    redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
  else
    redis.call('ZREM', KEYS[1], ARGV[1])
  end
end
return redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')
