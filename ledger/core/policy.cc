#include "ledger/core/policy.h"

#include <algorithm>
#include <optional>

#include "ledger/core/lines.h"

namespace groove::ledger {
namespace {

using Words = std::vector<std::string>;

Words words_of(std::string_view line) {
  Words words(1);
  for (const char c : line) {
    if (c != ' ' && c != '\t' && c != '\r')
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

class Reader {
 public:
  // Empty: the line is right; else why not.
  std::string take(const Words& words) {
    const std::string& what = words[0];
    if (what == "log" && words.size() >= 2 && words.size() <= 3) return take_log(words[1]);
    if (what == "witness" && words.size() >= 3 && words.size() <= 4) return take_witness(words);
    if (what == "group" && words.size() >= 4) return take_group(words);
    if (what == "quorum" && words.size() == 2) return take_quorum(words[1]);
    return "it is none of log, witness, group and quorum";
  }
  Result<Policy> policy() {
    if (policy_.log.name.empty()) return fail(Errc::kInvalid, "the policy names no log");
    if (!has_quorum_) return fail(Errc::kInvalid, "the policy names no quorum");
    return policy_;
  }

 private:
  std::optional<std::size_t> find(const std::string& name) const {
    const auto found = std::ranges::find(policy_.members, name, &Policy::Member::name);
    if (found == policy_.members.end()) return std::nullopt;
    return static_cast<std::size_t>(found - policy_.members.begin());
  }

  std::string take_log(const std::string& vkey) {
    const auto key = parse_vkey(vkey);
    if (!key) return key.error().message;
    if (key->type != KeyType::kEd25519) return "the log's key is a witness's";
    if (!policy_.log.name.empty()) return "it names a second log";
    policy_.log = *key;
    return "";
  }

  std::string take_witness(const Words& words) {
    const auto key = parse_vkey(words[2]);
    if (!key) return key.error().message;
    if (key->type != KeyType::kCosignature) return "the witness's key is not one for cosignatures";
    if (find(words[1]) || words[1] == "none") return "the name is taken";
    policy_.members.push_back({words[1], *key, words.size() == 4 ? words[3] : "", 0, {}});
    return "";
  }

  std::string take_group(const Words& words) {
    if (find(words[1]) || words[1] == "none") return "the name is taken";
    Policy::Member group{words[1], {}, "", 0, {}};
    for (std::size_t i = 3; i < words.size(); ++i) {
      const auto member = find(words[i]);
      if (!member) return words[i] + " is not named above";
      if (std::ranges::find(group.of, *member) != group.of.end())
        return words[i] + " is in it twice";
      group.of.push_back(*member);
    }
    const auto needed = words[2] == "any"   ? std::optional<std::uint64_t>(1)
                        : words[2] == "all" ? std::optional<std::uint64_t>(group.of.size())
                                            : parse_decimal(words[2]);
    if (!needed || *needed == 0 || *needed > group.of.size())
      return "it needs any, all, or a number of its members";
    group.needed = *needed;
    policy_.members.push_back(std::move(group));
    return "";
  }

  std::string take_quorum(const std::string& name) {
    const auto member = find(name);
    if (has_quorum_) return "it names a second quorum";
    if (!member && name != "none") return name + " is not named above";
    policy_.quorum = member.value_or(std::string::npos);
    has_quorum_ = true;
    return "";
  }

  Policy policy_;
  bool has_quorum_ = false;
};

}  // namespace

Result<Policy> parse_policy(std::string_view text) {
  Reader reader;
  std::string with_end = std::string(text) + "\n";
  std::string_view rest = with_end;
  for (int number = 1; const auto line = take_line(rest); ++number) {
    const Words words = words_of(*line);
    if (words.empty() || words[0].starts_with('#')) continue;
    if (const std::string wrong = reader.take(words); !wrong.empty())
      return fail(Errc::kInvalid, "line " + std::to_string(number) + " of the policy: " + wrong);
  }
  auto policy = reader.policy();
  if (policy && policy->quorum == std::string::npos) policy->quorum = policy->members.size();
  return policy;
}

Result<Checkpoint> open_cosigned(std::string_view note, const Policy& policy) {
  auto head = open_checkpoint(note, policy.log);
  if (!head) return head;
  std::vector<bool> signed_by;
  for (const Policy::Member& member : policy.members) {
    bool holds = false;
    if (!member.of.empty()) {
      const auto count =
          std::ranges::count_if(member.of, [&](std::size_t i) { return signed_by[i]; });
      holds = static_cast<std::size_t>(count) >= member.needed;
    } else {
      holds = open_note(note, {&member.key, 1}).has_value();
    }
    signed_by.push_back(holds);
  }
  if (policy.quorum < signed_by.size() && !signed_by[policy.quorum])
    return fail(Errc::kCorrupt, "the head of " + std::to_string(head->size) +
                                    " records is not signed by " +
                                    policy.members[policy.quorum].name + " of the policy");
  return head;
}

}  // namespace groove::ledger
