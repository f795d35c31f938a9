// groove-keys: makes and rotates the keys of the bus between hosts (deploy/KEYS.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <string>

#include "workers/bus_keys.h"
#include "workers/durable_file.h"
#include "workers/places.h"

namespace {

using namespace groove;
namespace fs = std::filesystem;

constexpr int kYes = 0, kNo = 1, kUnreadable = 2;

struct Options {
  fs::path data;
  std::string key, name;
  bool json = false;

  BusKeyFiles files() const { return Places{.data = data}.bus_keys(); }
  // The pair that takes the place of the present one at `switch`.
  BusKeyFiles next_files() const { return {files().folder / "next"}; }
};

int refuse(const Error& error) {
  fmt::print(stderr, "groove-keys: {}\n", error.message);
  return kUnreadable;
}

std::string list_of(const BusKeyFiles& files) {
  return read_file(files.allowed()).value_or(std::string());
}

Status allow(const BusKeyFiles& files, const std::string& key, const std::string& name) {
  std::string list = list_of(files);
  if (parse_allowed(list).contains(key)) return {};
  if (!list.empty() && !list.ends_with('\n')) list += '\n';
  return replace_file(files.allowed(), list + fmt::format("{}  {}\n", key, name));
}

int print_new(const Options& options, const Result<BusKeys>& keys, const std::string& name) {
  if (!keys) return refuse(keys.error());
  if (const Status listed = allow(options.files(), keys->public_key, name); !listed)
    return refuse(listed.error());
  fmt::print("{}\n", keys->public_key);
  return kYes;
}

// The pair of that folder, made if there is none.
Result<BusKeys> pair_in(const BusKeyFiles& files) {
  auto keys = read_bus_keys(files);
  if (keys || keys.error().code != Errc::kNotFound) return keys;
  const BusKeys made = BusKeys::make();
  if (const Status written = write_bus_keys(files, made); !written)
    return std::unexpected(written.error());
  return made;
}

int run_make(const Options& options) {
  return print_new(options, pair_in(options.files()), options.name);
}

int run_next(const Options& options) {
  const auto present = read_bus_keys(options.files());
  if (!present) return refuse(present.error());
  return print_new(options, pair_in(options.next_files()), options.name + ", next");
}

int run_switch(const Options& options) {
  const auto next = read_bus_keys(options.next_files());
  if (!next) return refuse({Errc::kNotFound, "there is no next pair: groove keys next makes it"});
  if (const Status written = write_bus_keys(options.files(), *next); !written)
    return refuse(written.error());
  fs::remove_all(options.next_files().folder);
  fmt::print("{}\n", next->public_key);
  return kYes;
}

int run_allow(const Options& options) {
  if (!is_bus_key(options.key)) return refuse({Errc::kInvalid, options.key + " is no key"});
  const Status listed = allow(options.files(), options.key, options.name);
  return listed ? kYes : refuse(listed.error());
}

int run_remove(const Options& options) {
  std::string kept;
  bool found = false;
  const std::string list = list_of(options.files());
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find('\n', at), list.size() - 1) + 1;
    const std::string line = list.substr(at, end - at);
    const bool its = parse_allowed(line).contains(options.key);
    if (!its) kept += line;
    found = found || its;
    at = end;
  }
  if (!found) return kNo;
  const Status written = replace_file(options.files().allowed(), kept);
  return written ? kYes : refuse(written.error());
}

int run_show(const Options& options) {
  const auto keys = read_bus_keys(options.files());
  if (!keys && keys.error().code != Errc::kNotFound) return refuse(keys.error());
  const auto allowed = parse_allowed(list_of(options.files()));
  const std::string own = keys ? keys->public_key : std::string();
  if (options.json) {
    boost::json::array list;
    for (const std::string& key : allowed) list.emplace_back(key);
    fmt::print("{}\n", boost::json::serialize(
                           boost::json::object{{"public", own}, {"allowed", std::move(list)}}));
  } else {
    fmt::print("{}\n\n{}", own.empty() ? "no key: groove keys make" : own,
               list_of(options.files()));
  }
  return keys ? kYes : kNo;
}

int dispatch(int argc, char** argv) {
  CLI::App app("Makes and rotates the keys by which hosts of one house know each other.",
               "groove-keys");
  app.require_subcommand(1);
  Options options;
  options.name = "this host";
  std::map<const CLI::App*, int (*)(const Options&)> commands;
  const auto command = [&](const char* name, const char* help, int (*run)(const Options&)) {
    CLI::App* added = app.add_subcommand(name, help);
    added->add_option("--data", options.data, "The data folder")->required();
    commands[added] = run;
    return added;
  };
  command("make", "Make this host's pair, unless it has one, and print the public key", run_make);
  command("show", "Print this host's public key and who is allowed", run_show)
      ->add_flag("--json", options.json, "Print JSON");
  CLI::App* allow_command = command("allow", "Allow another host, at once", run_allow);
  allow_command->add_option("KEY", options.key, "Its public key")->required();
  allow_command->add_option("--name", options.name, "What to call it in the list");
  command("remove", "Take a key off the list: it may not connect any more", run_remove)
      ->add_option("KEY", options.key, "The public key")
      ->required();
  command("next", "Make the pair to change to, and print its public key", run_next);
  command("switch", "Change to it: processes that start from now on use it", run_switch);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kYes : kUnreadable;
  }
  return commands.at(app.get_subcommands().front())(options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "groove-keys: {}\n", error.what());
    return kUnreadable;
  }
}
