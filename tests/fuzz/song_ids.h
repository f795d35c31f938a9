// Song ids that a fuzzer can hit: a text of one character in a field of song ids names one of the
// small catalogue's songs.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

namespace groove::test {

inline constexpr int kFuzzSongs = 40;

inline std::string known_id(const std::string& text) {
  if (text.size() != 1) return text;
  return "song" + std::to_string(10'000 + static_cast<unsigned char>(text[0]) % kFuzzSongs);
}

inline void name_known_songs(google::protobuf::Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    const bool ids = field->name() == "song_id" || field->name() == "song_ids";
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->message_type() != nullptr) {
        name_known_songs(*(field->is_repeated()
                               ? reflection->MutableRepeatedMessage(&message, field, i)
                               : reflection->MutableMessage(&message, field)));
      } else if (ids && field->is_repeated()) {
        reflection->SetRepeatedString(&message, field, i,
                                      known_id(reflection->GetRepeatedString(message, field, i)));
      } else if (ids) {
        reflection->SetString(&message, field, known_id(reflection->GetString(message, field)));
      }
    }
  }
}

}  // namespace groove::test
