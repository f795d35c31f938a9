// Written by tests/bench/rhythm/learn.py.
#include "fetcher/core/sound/key_model.h"

namespace groove::sound {

const std::array<std::array<std::array<float, kPitches>, kKeyChromas>, 2> kKeyProfiles{{
    {{
        {1.213F, -1.56F, 0.0792F, 0.9358F, -0.6218F, -0.2891F, -0.2738F, 1.126F, -0.03915F, -0.592F,
         -0.7213F, 0.6559F},
        {1.108F, -1.499F, -0.1187F, 0.955F, -0.5844F, 0.05388F, -0.5126F, 0.6626F, 0.4158F, -0.673F,
         0.2819F, -0.1786F},
        {1.103F, -0.8729F, 0.1008F, 1.049F, -0.45F, -0.3221F, -0.3743F, 1.154F, -0.8329F, -0.2842F,
         -0.6041F, 0.2452F},
    }},
    {{
        {0.9288F, -0.4182F, -0.06668F, -0.9353F, 0.8543F, 0.5031F, -1.062F, 1.231F, -0.335F,
         -0.02999F, -1.011F, 0.4197F},
        {0.6354F, -0.2256F, -0.2208F, -0.6906F, 0.8127F, -0.2492F, -0.8128F, 0.3858F, 0.007978F,
         0.04442F, -0.3647F, 0.7635F},
        {1.509F, -0.6173F, 0.3073F, -0.8106F, 1.007F, -0.3391F, -0.3071F, 1.31F, 0.0669F, -0.9879F,
         -0.7832F, -0.2851F},
    }},
}};

const float kMajorOffset = 0.007165F;

}  // namespace groove::sound
