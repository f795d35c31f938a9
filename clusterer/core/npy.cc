#include "clusterer/core/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>

namespace groove::clusterer {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kShapeMax = 8;

std::unexpected<Error> wrong(std::string what) {
  return fail(Errc::kInvalid, "not a .npy file that can be read: " + std::move(what));
}

struct Header {
  char order = '<', kind = 'f';
  std::size_t width = 0;
  bool fortran = false;
  std::vector<std::size_t> shape;
  std::size_t count = 1;
};

// What follows 'key': in the header's dictionary.
std::optional<std::string_view> field(std::string_view header, std::string_view key) {
  for (const char quote : {'\'', '"'}) {
    const std::string wanted = quote + std::string(key) + quote;
    const std::size_t at = header.find(wanted);
    if (at == std::string_view::npos) continue;
    std::string_view rest = header.substr(at + wanted.size());
    const std::size_t colon = rest.find_first_not_of(' ');
    if (colon == std::string_view::npos || rest[colon] != ':') continue;
    rest.remove_prefix(colon + 1);
    rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
    return rest;
  }
  return std::nullopt;
}

Status read_type(std::string_view text, Header& header) {
  const std::size_t end = text.find(text.empty() ? ' ' : text[0], 1);
  if (end == std::string_view::npos || end < 4 || (text[0] != '\'' && text[0] != '"'))
    return wrong("its type is not one of numbers");
  const std::string_view type = text.substr(1, end - 1);
  header.order = type[0];
  header.kind = type[1];
  const auto [ptr, error] =
      std::from_chars(type.data() + 2, type.data() + type.size(), header.width);
  const bool known =
      (header.kind == 'f' && (header.width == 4 || header.width == 8)) ||
      ((header.kind == 'i' || header.kind == 'u') &&
       (header.width == 1 || header.width == 2 || header.width == 4 || header.width == 8)) ||
      (header.kind == 'b' && header.width == 1);
  if (error != std::errc{} || ptr != type.data() + type.size() || !known ||
      std::string_view("<>|=").find(header.order) == std::string_view::npos)
    return wrong(fmt::format("its type '{}' is not float32, float64 or whole numbers", type));
  return {};
}

Status read_shape(std::string_view text, Header& header) {
  const std::size_t end = text.find(')');
  if (text.empty() || text[0] != '(' || end == std::string_view::npos)
    return wrong("it has no shape");
  text = text.substr(1, end - 1);
  while (!text.empty()) {
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(" ,")));
    if (text.empty()) break;
    std::size_t size = 0;
    const auto [ptr, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc{} || header.shape.size() == kShapeMax)
      return wrong("its shape is not a few whole numbers");
    text.remove_prefix(static_cast<std::size_t>(ptr - text.data()));
    header.shape.push_back(size);
    if (size != 0 && header.count > std::numeric_limits<std::uint32_t>::max() * 16ULL / size)
      return wrong("its shape is too large");
    header.count *= size;
  }
  return {};
}

Result<Header> read_header(std::string_view text) {
  Header header;
  const auto type = field(text, "descr"), order = field(text, "fortran_order"),
             shape = field(text, "shape");
  if (!type || !order || !shape) return wrong("its header lacks descr, fortran_order or shape");
  header.fortran = order->starts_with("True");
  if (!header.fortran && !order->starts_with("False")) return wrong("its order is unknown");
  if (const Status ok = read_type(*type, header); !ok) return std::unexpected(ok.error());
  if (const Status ok = read_shape(*shape, header); !ok) return std::unexpected(ok.error());
  return header;
}

template <class T>
double number(const char* at, bool swap) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, at, sizeof(T));
  if (swap) std::reverse(bytes, bytes + sizeof(T));
  return static_cast<double>(std::bit_cast<T>(bytes));
}

using Reader = double (*)(const char*, bool);

Reader reader_of(const Header& header) {
  if (header.kind == 'f') return header.width == 4 ? number<float> : number<double>;
  if (header.kind == 'i') {
    if (header.width == 1) return number<std::int8_t>;
    if (header.width == 2) return number<std::int16_t>;
    return header.width == 4 ? number<std::int32_t> : number<std::int64_t>;
  }
  if (header.width == 1) return number<std::uint8_t>;
  if (header.width == 2) return number<std::uint16_t>;
  return header.width == 4 ? number<std::uint32_t> : number<std::uint64_t>;
}

// Fortran order: the first index runs fastest. Where the value of C's position lies in the file.
std::size_t fortran_position(std::size_t position, const std::vector<std::size_t>& shape) {
  std::size_t out = 0, stride = 1;
  std::vector<std::size_t> strides;
  for (const std::size_t size : shape) {
    strides.push_back(stride);
    stride *= size;
  }
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    out += position % shape[axis] * strides[axis];
    position /= shape[axis];
  }
  return out;
}

std::string header_of(std::string_view type, std::string_view shape) {
  std::string text =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", type, shape);
  text.append(63 - (text.size() + 10) % 64, ' ');
  text += '\n';
  std::string out(kMagic);
  out += '\x01';
  out += '\x00';
  out += static_cast<char>(text.size() & 0xff);
  out += static_cast<char>(text.size() >> 8);
  return out + text;
}

template <class T>
void append(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) std::reverse(bytes, bytes + sizeof(T));
  out.append(bytes, sizeof(T));
}

}  // namespace

Result<NpyArray> read_npy(std::string_view bytes) {
  if (!bytes.starts_with(kMagic) || bytes.size() < 10) return wrong("it does not begin as one");
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  const bool wide = byte(6) >= 2;
  if (byte(6) < 1 || byte(6) > 3 || (wide && bytes.size() < 12))
    return wrong("its version is unknown");
  std::size_t length = byte(8) + 256U * byte(9);
  if (wide) length += (std::size_t{byte(10)} << 16) + (std::size_t{byte(11)} << 24);
  const std::size_t start = wide ? 12 : 10;
  if (length > bytes.size() - start) return wrong("it is cut short in its header");
  const auto header = read_header(bytes.substr(start, length));
  if (!header) return std::unexpected(header.error());
  const std::string_view data = bytes.substr(start + length);
  if (data.size() != header->count * header->width) {
    return wrong(fmt::format("{} bytes of values where its shape needs {}", data.size(),
                             header->count * header->width));
  }
  NpyArray out;
  out.shape_ = header->shape;
  out.size_ = header->count;
  out.width_ = header->width;
  out.fortran_ = header->fortran;
  out.swap_ = header->order == '>' && std::endian::native == std::endian::little;
  out.reader_ = reader_of(*header);
  out.values_ = data;
  return out;
}

double NpyArray::operator[](std::size_t position) const {
  const std::size_t at = fortran_ ? fortran_position(position, shape_) : position;
  return reader_(values_.data() + at * width_, swap_);
}

Result<std::vector<Series>> series_of(const NpyArray& array) {
  const auto& shape = array.shape();
  if (shape.size() != 2 && shape.size() != 3) {
    return fail(
        Errc::kInvalid,
        fmt::format("the array has {} axes; series have (N, T, D), or (N, T)", shape.size()));
  }
  const std::size_t steps = shape[1], dims = shape.size() == 3 ? shape[2] : 1;
  if (array.size() == 0) return fail(Errc::kInvalid, "the array has no values");
  std::vector<Series> out(shape[0], Series{dims, {}});
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t begin = i * steps * dims;
    std::size_t end = steps * dims;
    while (end > 0 && std::isnan(array[begin + end - 1])) --end;
    if (end == 0) return fail(Errc::kInvalid, fmt::format("series {} is empty", i));
    if (end % dims != 0) {
      return fail(Errc::kInvalid,
                  fmt::format("series {} ends at step {} in some dimensions only", i, end / dims));
    }
    out[i].values.reserve(end);
    for (std::size_t v = 0; v < end; ++v) {
      const double value = array[begin + v];
      if (!std::isfinite(value)) {
        return fail(Errc::kInvalid, fmt::format("series {} has {} at step {}, dimension {}", i,
                                                value, v / dims, v % dims));
      }
      out[i].values.push_back(static_cast<float>(value));
    }
  }
  return out;
}

std::string npy_of(std::span<const Series> series) {
  std::size_t steps = 0, dims = 1;
  for (const Series& s : series) {
    steps = std::max(steps, s.steps());
    dims = s.dims;
  }
  std::string out = header_of("<f4", fmt::format("({}, {}, {})", series.size(), steps, dims));
  for (const Series& s : series)
    for (std::size_t v = 0; v < steps * dims; ++v)
      append(out, v < s.values.size() ? s.values[v] : std::numeric_limits<float>::quiet_NaN());
  return out;
}

std::string npy_of(std::span<const std::uint32_t> labels) {
  std::string out = header_of("<i8", fmt::format("({},)", labels.size()));
  for (const std::uint32_t label : labels) append(out, std::int64_t{label});
  return out;
}

}  // namespace groove::clusterer
