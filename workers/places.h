// Where things are: everything Groove keeps is under one data folder.
//
//   DATA/catalog.groove   DATA/model.groove   the current ones, replaced by rename
//   DATA/library.json     how the import or the training stands (workers/library_state.h)
//   DATA/music/           the music folders, or links to them (--music)
//   DATA/files.groove     which song is which file there; DATA/analyses/ what was heard in them
//   DATA/tracks/          the CSV files the catalogue is made of (uploads, and links to --tracks)
//   DATA/ledger/public|private                DATA/redis/   DATA/log/
//   DATA/spotify.json     the app that Groove is for Spotify; DATA/keys/spotify.key opens its
//   tokens DATA/bus/             this host's keys for the bus between hosts (workers/bus_keys.h)
//   RUN/redis.sock  RUN/<name>.z  RUN/<name>.pub            sockets; DATA/run, or a folder of the
//                         user and DATA in /tmp when that path is too long for a socket
#pragma once

#include <filesystem>
#include <string>

#include "workers/base/result.h"
#include "workers/bus_keys.h"

namespace groove {

struct Places {
  std::filesystem::path data;
  std::filesystem::path run;
  std::string redis;  // address as RedisAddress::parse takes it; unix:RUN/redis.sock unless given

  std::filesystem::path catalog() const { return data / "catalog.groove"; }
  std::filesystem::path model() const { return data / "model.groove"; }
  std::filesystem::path library_state() const { return data / "library.json"; }
  std::filesystem::path tracks() const { return data / "tracks"; }
  std::filesystem::path music() const { return data / "music"; }
  std::filesystem::path music_files() const { return data / "files.groove"; }
  std::filesystem::path analyses() const { return data / "analyses"; }
  std::filesystem::path ledger() const { return data / "ledger"; }
  std::filesystem::path spotify_config() const { return data / "spotify.json"; }
  std::filesystem::path spotify_key() const { return data / "keys" / "spotify.key"; }
  BusKeyFiles bus_keys() const { return {data / "bus"}; }
  std::string inbox(const std::string& worker) const {
    return "ipc://" + (run / (worker + ".z")).string();
  }
  std::string notices(const std::string& worker) const {
    return "ipc://" + (run / (worker + ".pub")).string();
  }
};

// Fills in what was not given. Errors: kInvalid (a socket path under `run` would be longer than the
// kernel takes).
Result<Places> find_places(std::filesystem::path data, std::filesystem::path run,
                           std::string redis);

}  // namespace groove
