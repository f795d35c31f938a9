// Streaming over a real socket: what a browser's <audio> does, and what a stranger would try.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/gateway/gateway_fixture.h"
#include "workers/music_files.h"

namespace groove::gateway {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SongAudioTest : public GatewayTest {
 protected:
  SongAudioTest() {
    fs::create_directories(root_ / "album");
    for (int i = 0; i < 300'000; ++i) sound_ += static_cast<char>(i * 7 + i / 251);
    put("album/one.ogg", sound_);
    std::ofstream(folder_ / "secret.ogg") << "secret";
    message_.add_roots()->set_name("Music");
    message_.mutable_roots(0)->set_path(root_.string());
  }

  void put(const std::string& path, const std::string& bytes) {
    std::ofstream(root_ / path, std::ios::binary) << bytes;
  }
  void list(const std::string& path, const std::string& song) {
    v1::MusicFile& file = *message_.add_files();
    file.set_path(path);
    file.set_song_id(song);
  }
  void open() {
    bring_library();
    ASSERT_TRUE(write_music_files(places_.music_files(), message_));
    start();
    cookie_ = sign_in();
    ASSERT_TRUE(becomes([&] { return audio("song10001").status != 404; }));
  }
  Response audio(const std::string& song, const std::string& range = "",
                 const std::string& method = "GET") {
    Ask request(method, "/api/tracks/" + song + "/audio");
    request.header("Cookie", cookie_);
    if (!range.empty()) request.header("Range", range);
    HttpClient client(port_);
    client.send(text(request));
    return client.receive(method == "HEAD").value_or(Response{});
  }

  fs::path root_ = folder_ / "root";
  std::string sound_, cookie_;
  v1::MusicFiles message_;
};

TEST_F(SongAudioTest, TheWholeFileAndAnyPartOfIt) {
  list("album/one.ogg", "song10001");
  open();
  const Response whole = audio("song10001");
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, sound_);
  EXPECT_EQ(whole.headers.at("content-type"), "audio/ogg");
  EXPECT_EQ(whole.headers.at("accept-ranges"), "bytes");
  const Response part = audio("song10001", "bytes=100000-249999");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, sound_.substr(100'000, 150'000));
  EXPECT_EQ(part.headers.at("content-range"), "bytes 100000-249999/300000");
  EXPECT_EQ(part.headers.at("etag"), whole.headers.at("etag"));
  EXPECT_EQ(audio("song10001", "bytes=-5").body, sound_.substr(299'995));
  const Response beyond = audio("song10001", "bytes=300000-");
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.headers.at("content-range"), "bytes */300000");
}

TEST_F(SongAudioTest, HeadTellsTheLengthAndSendsNothing) {
  list("album/one.ogg", "song10001");
  open();
  HttpClient client(port_);
  const std::string head =
      text(Ask("HEAD", "/api/tracks/song10001/audio").header("Cookie", cookie_));
  client.send(head + text(Ask("GET", "/healthz")));
  EXPECT_EQ(client.receive(true)->headers.at("content-length"), "300000");
  EXPECT_EQ(client.receive()->body, R"({"status":"ok"})") << "the connection goes on";
}

TEST_F(SongAudioTest, OnlyTheSignedInHear) {
  list("album/one.ogg", "song10001");
  open();
  EXPECT_EQ(get("/api/tracks/song10001/audio").status, 401);
  EXPECT_EQ(get("/api/tracks/song10001/licence").status, 401);
  EXPECT_EQ(get("/api/sources").status, 200);
  EXPECT_EQ(get("/api/sources").body.find("Music"), std::string::npos) << "it names folders";
}

TEST_F(SongAudioTest, AForgedListOpensNothingOutsideTheFolder) {
  list("album/one.ogg", "song10001");
  fs::create_symlink(folder_ / "secret.ogg", root_ / "link.ogg");
  fs::create_directory_symlink(folder_.path(), root_ / "up");
  list("../secret.ogg", "song10002");
  list("link.ogg", "song10003");
  list("up/secret.ogg", "song10004");
  list("album/../../secret.ogg", "song10005");
  list("album", "song10006");
  open();
  for (const char* song : {"song10002", "song10003", "song10004", "song10005", "song10006"}) {
    const Response response = audio(song);
    EXPECT_EQ(response.status, 404) << song;
    EXPECT_THAT(response.body, Not(HasSubstr("secret\n")));
  }
}

TEST_F(SongAudioTest, AnAddressIsNeverAPath) {
  list("album/one.ogg", "song10001");
  open();
  for (const char* id : {"..%2F..%2Fsecret.ogg", "album%2Fone.ogg", "%2Fetc%2Fpasswd", "..",
                         "song10001%00", "song10001%2F..%2F.."}) {
    const int status = audio(id).status;
    EXPECT_TRUE(status == 404 || status == 400) << id << " " << status;
  }
}

TEST_F(SongAudioTest, AFileThatIsGoneIsNotFoundAndAChangedOneIsAnother) {
  list("album/one.ogg", "song10001");
  open();
  const std::string tag = audio("song10001").headers.at("etag");
  put("album/one.ogg", "other");
  EXPECT_NE(audio("song10001").headers.at("etag"), tag);
  EXPECT_EQ(audio("song10001").body, "other");
  fs::remove(root_ / "album" / "one.ogg");
  EXPECT_EQ(audio("song10001").status, 404);
}

// A client that takes nothing must not keep others from hearing.
TEST_F(SongAudioTest, SlowClientsHoldUpNobody) {
  sound_ = std::string(8'000'000, 's');
  put("album/one.ogg", sound_);
  list("album/one.ogg", "song10001");
  open();
  std::vector<std::unique_ptr<HttpClient>> sleepers;
  for (int i = 0; i < 20; ++i) {
    sleepers.push_back(std::make_unique<HttpClient>(port_));
    sleepers.back()->send(
        text(Ask("GET", "/api/tracks/song10001/audio").header("Cookie", cookie_)));
  }
  EXPECT_EQ(audio("song10001").body, sound_);
}

TEST_F(SongAudioTest, TheLicenceIsReadFromWithinTheFolderOnly) {
  list("album/one.ogg", "song10001");
  message_.mutable_files(0)->set_licence("album/copyright");
  list("album/one.ogg", "song10002");
  message_.mutable_files(1)->set_licence("../secret.ogg");
  list("album/one.ogg", "song10003");
  put("album/copyright", "of the album");
  open();
  EXPECT_EQ(get("/api/tracks/song10001/licence", cookie_).body, "of the album");
  EXPECT_EQ(get("/api/tracks/song10002/licence", cookie_).status, 404);
  EXPECT_EQ(get("/api/tracks/song10003/licence", cookie_).status, 404);
  EXPECT_THAT(get("/api/tracks/song10001").body, HasSubstr(R"("licence":true)"));
  EXPECT_THAT(get("/api/tracks/song10003").body, HasSubstr(R"("licence":false)"));
}

TEST_F(SongAudioTest, ThePageLearnsWhatItCanPlayAndChoose) {
  list("album/one.ogg", "song10001");
  open();
  EXPECT_THAT(get("/api/tracks/song10001").body, HasSubstr(R"("playable":true)"));
  EXPECT_THAT(get("/api/tracks/song10002").body, HasSubstr(R"("playable":false)"));
  const std::string sources = get("/api/sources", cookie_).body;
  EXPECT_THAT(sources, HasSubstr(R"("choices":[{"name":"Music","songs":1},{"name":"Music/album")"));
  EXPECT_THAT(sources, HasSubstr(R"("kind":"playlist","title":"A playlist","available":false)"));
}

}  // namespace
}  // namespace groove::gateway
