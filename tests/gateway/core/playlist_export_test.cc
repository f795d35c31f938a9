#include "gateway/core/playlist_export.h"

#include <gtest/gtest.h>

#include "gateway/core/json.h"

namespace groove::gateway {
namespace {

Playlist three_songs() {
  PlaylistSong file{"audio-00112233445566778899aabbccddeeff", "Say \"when\"", {"Ann", "Bo"}};
  file.album = "One";
  file.year = 1999;
  file.duration_ms = 61'900;
  file.confidence_permille = 45;
  file.path = "Ann/One/01.flac";
  PlaylistSong streamed{"3AJwUDP919kvQ9QcozQPxg", "Yellow", {"Coldplay"}};
  streamed.explicit_lyrics = true;
  PlaylistSong nowhere{"x", "=HYPERLINK(1)", {"Line\nbreak"}};
  return {"Groove, list 7", "2026-11-25T00:00:00Z", {file, streamed, nowhere}};
}

TEST(PlaylistExportTest, M3u8HasOneLineASongWhateverItsTags) {
  EXPECT_EQ(to_m3u8(three_songs()),
            "#EXTM3U\n#PLAYLIST:Groove, list 7\n"
            "#EXTINF:61,Ann, Bo - Say \"when\"\nAnn/One/01.flac\n"
            "#EXTINF:0,Coldplay - Yellow\nhttps://open.spotify.com/track/3AJwUDP919kvQ9QcozQPxg\n"
            "#EXTINF:0,Line break - =HYPERLINK(1)\n# neither here nor at Spotify: x\n");
}

TEST(PlaylistExportTest, APathThatLooksLikeACommentStaysAPath) {
  Playlist playlist = three_songs();
  playlist.songs[0].path = "#1 hits/a.mp3";
  EXPECT_NE(to_m3u8(playlist).find("\n./#1 hits/a.mp3\n"), std::string::npos);
}

TEST(PlaylistExportTest, APathOfTwoLinesCannotAddASong) {
  Playlist playlist = three_songs();
  playlist.songs[0].path = "a\nhttp://evil.example/b.mp3";
  EXPECT_EQ(to_m3u8(playlist).find("evil"), std::string::npos);
}

TEST(PlaylistExportTest, JspfIsJsonThatSaysWhereEachSongIs) {
  const auto parsed = parse_json(to_jspf(three_songs()));
  ASSERT_TRUE(parsed) << parsed.error().message;
  const auto& tracks = parsed->at("playlist").at("track").as_array();
  ASSERT_EQ(tracks.size(), 3u);
  EXPECT_EQ(tracks[0].at("location").at(0), "Ann/One/01.flac");
  EXPECT_EQ(tracks[0].at("duration"), 61'900);
  EXPECT_EQ(tracks[1].at("identifier").at(0), "spotify:track:3AJwUDP919kvQ9QcozQPxg");
  EXPECT_FALSE(tracks[2].as_object().contains("location"));
}

TEST(PlaylistExportTest, CsvQuotesAndDisarmsFormulas) {
  const std::string csv = to_csv(three_songs());
  EXPECT_NE(csv.find(",\"Say \"\"when\"\"\",\"One\",\"Ann,Bo\",\"1999\",\"61900\",\"false\","
                     "\"0.045\"\r\n"),
            std::string::npos)
      << csv;
  EXPECT_NE(csv.find("\"'=HYPERLINK(1)\""), std::string::npos);
}

TEST(PlaylistExportTest, AnUnknownFormatIsAProblemThatNamesTheOthers) {
  EXPECT_EQ(playlist_reply(three_songs(), "csv").status, 200);
  const Reply reply = playlist_reply(three_songs(), "mp3");
  EXPECT_EQ(reply.status, 404);
  EXPECT_NE(reply.body.find("m3u8, jspf or csv"), std::string::npos);
}

}  // namespace
}  // namespace groove::gateway
