// A reply as hiredis reads it off the wire, as a value of ours.
#pragma once

#include "workers/store.h"

struct redisReply;

namespace groove {

RedisReply to_reply(const redisReply& from);

}  // namespace groove
