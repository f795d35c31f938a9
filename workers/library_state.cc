#include "workers/library_state.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "workers/durable_file.h"

namespace groove {
namespace {

using State = LibraryState::State;

constexpr std::array<std::pair<State, std::string_view>, 4> kNames = {{
    {State::kImporting, "importing"},
    {State::kTraining, "training"},
    {State::kReady, "ready"},
    {State::kFailed, "failed"},
}};

std::optional<State> parse_state(std::string_view text) {
  const auto found = std::ranges::find(kNames, text, &std::pair<State, std::string_view>::second);
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

std::uint64_t count_of(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr) return 0;
  boost::json::error_code error;
  const auto count = value->to_number<std::uint64_t>(error);
  return error ? 0 : count;
}

std::string_view text_of(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return {};
  return value->get_string();
}

}  // namespace

std::string_view name(State state) {
  return std::ranges::find(kNames, state, &std::pair<State, std::string_view>::first)->second;
}

Status write_library_state(const Places& places, const LibraryState& state) {
  const boost::json::object object{{"state", name(state.state)},
                                   {"detail", state.detail},
                                   {"done", state.done},
                                   {"total", state.total}};
  return replace_file(places.library_state(), boost::json::serialize(object) + "\n");
}

std::optional<LibraryState> read_library_state(const Places& places) {
  const auto text = read_file(places.library_state());
  if (!text) return std::nullopt;
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(*text, error);
  if (error || !value.is_object()) return std::nullopt;
  const boost::json::object& object = value.get_object();
  const auto state = parse_state(text_of(object, "state"));
  if (!state) return std::nullopt;
  return LibraryState{.state = *state,
                      .detail = std::string(text_of(object, "detail")),
                      .done = count_of(object, "done"),
                      .total = count_of(object, "total")};
}

}  // namespace groove
