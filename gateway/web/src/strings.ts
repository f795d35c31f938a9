// Every word the page says, in one place. A translation is another object of this shape.

import type { Child } from "./dom";
import type { WouldChange } from "./types";

const number = new Intl.NumberFormat("en");
const clock = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

export function count(value: number, one: string, many: string): string {
  return `${number.format(value)} ${value === 1 ? one : many}`;
}

export function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function moment(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : clock.format(date);
}

export function day(iso: string): string {
  return new Intl.DateTimeFormat("en", { dateStyle: "long" }).format(new Date(iso));
}

export function list(parts: string[]): string {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(parts);
}

/** By step: what is done, in a word, and to what; the latter gives way to what came of it. */
export type StepNames = Record<string, [verb: string, what: string]>;

export const text = {
  name: "Groove",
  what_it_is:
    "Music recommended from the sound itself and your own listening, never another user’s data.",

  // Signing in
  sign_in_title: "Find songs that sound like you",
  your_name: "Your name",
  sign_in: "Sign in",
  sign_in_note:
    "A name is enough on this machine. Groove keeps your songs and verdicts under it, here and nowhere else.",
  name_missing: "Type a name first.",
  sign_out: "Sign out",
  signed_out: "You are signed out.",
  session_over: "Your session has ended. Sign in again to go on; your songs and verdicts are kept.",

  // Spotify
  spotify: {
    or: "Or:",
    sign_in: "Sign in with Spotify",
    sign_in_demo: "Sign in with the stand-in for Spotify",
    demo: "This is a demonstration: no account is needed, and nothing leaves this machine.",
    connect: "Sign in with Spotify to recommend from your listening there",
    connected: (since: string) => `Connected with Spotify since ${since}.`,
    connected_demo: "Connected with the stand-in for Spotify (a demonstration).",
    disconnect: "Disconnect",
    disconnected: "Disconnected. Groove holds nothing of that account any more.",
    renew: (ends: string) => `Your consent at Spotify ends on ${ends}. Renew it in time:`,
    paused: (until: string) => `Spotify’s limit is reached. It can be asked again at ${until}.`,
    write: "Make a Spotify playlist of this list",
    written: (songs: number) => `${count(songs, "song is", "songs are")} in the playlist “Groove recommends”.`,
    open: "Open it",
    came_back: {
      denied: "You did not consent at Spotify, so nothing was changed.",
      forged: "That sign-in was not begun in this browser, or took too long. Begin again.",
      refused: "Spotify refuses this account. Is it on the app’s list of users (User Management in the dashboard)?",
      again: "That sign-in with Spotify was over before it came back. Begin again.",
      later: "Spotify does not answer just now. Try again in a minute.",
      unregistered: "Groove is not registered with Spotify yet.",
    } as Record<string, string>,
    top_songs: { weeks: "My top songs of about four weeks", months: "My top songs of about six months", years: "My top songs of all years" },
    top_artists: { weeks: "My top artists of about four weeks", months: "My top artists of about six months", years: "My top artists of all years" },
    recent: "What I played last",
    saved: "Songs I saved",
    playlist: (name: string) => `Playlist: ${name}`,
    by_hand: "Is Groove on another machine?",
    by_hand_lead:
      "Spotify sends browsers back to their own machine or to an https address only. Consent in the new tab; it ends at an address that does not open. Copy that address and paste it here.",
    by_hand_begin: "Consent at Spotify",
    by_hand_label: "The address the tab ended at",
    by_hand_end: "Finish signing in",
    wizard: "Use what Spotify knows of your listening: five minutes, once",
    wizard_lead:
      "Spotify wants each installation registered by its owner, who has Premium; up to five people can be listed as users.",
    wizard_steps: (redirect: string) => [
      "Open developer.spotify.com/dashboard, sign in and choose Create app. Any name will do that does not begin with Spot.",
      `As Redirect URI enter ${redirect} – exactly so: Spotify refuses localhost and plain http to other machines.`,
      "Tick Web API, agree and save.",
      "Under User Management add whoever is to use it, yourself too.",
      "Copy the Client ID from the app’s settings – the secret is not needed – and start Groove with it:",
    ],
    wizard_command: "deploy/up --spotify-client-id CLIENT_ID",
    wizard_else: "deploy/up --demo tries all of it with a stand-in, without an account.",
  },

  // Connection and errors
  connection_lost: "The connection to Groove is lost. Trying again…",
  connection_back: "Connected again.",
  offline_title: "No answer",
  offline_detail: "Groove does not answer. Check that it is running (deploy/up) and try again.",
  unexpected_title: "That did not work",
  unexpected_detail: (status: number) =>
    `Groove answered with status ${status}. Try again; groove doctor finds what is wrong.`,
  try_again: "Try again",
  dismiss: "Dismiss",
  starting: "Opening Groove…",

  // A library without songs
  empty_title: "Bring some songs",
  empty_lead:
    "Groove has no songs to recommend from yet. Start it with a folder of your music, or give it a CSV file of songs and their audio features; it goes on by itself from there.",
  busy_title: "Your songs are on their way",
  busy_lead: "You can leave this page open; it goes on by itself when they are ready.",
  import_failed: "The songs could not be imported",
  drop_title: "Drop CSV files here",
  drop_or: "plain, or packed as .xz, .gz, .zst or .zip",
  choose_files: "Choose files",
  sending: (name: string, part: number) => `Sending ${name}: ${percent(part)}`,
  sent: (name: string) => `${name} has arrived. Waiting for the import to begin…`,
  importing: "Reading the songs…",
  training: "Learning how they sound…",
  library_ready: (songs: number) => `${count(songs, "song is", "songs are")} ready.`,
  intake_steps: {
    send: ["Send", "the file to this machine"],
    import: ["Read", "the songs in it"],
    train: ["Learn", "how they sound"],
  } as StepNames,
  by_command: "From the command line",
  by_command_lead:
    "Start Groove with your music or a file of songs; this page goes on when they are in.",
  command: "deploy/up --music ~/Music\ndeploy/up --tracks tracks.csv",
  layout_title: "What the file looks like",
  layout_lead:
    "The two layouts of the public 1921–2020 Spotify data set, tracks.csv and data.csv, are known by the names in their header, in any order and among others.",
  layout_columns: [
    ["id, name, artists", "what the song is; several artists as ['One', 'Two']"],
    [
      "duration_ms, acousticness, danceability, energy, instrumentalness, key, liveness, loudness, mode, speechiness, tempo, valence",
      "how long it is and how it sounds",
    ],
    [
      "year or release_date, album, explicit, popularity, isrc",
      "read where they are there; explicit is 1 for explicit lyrics",
    ],
  ] as [string, string][],

  // Picking songs
  picks_title: "Your songs",
  picks_lead: "Pick about five songs you like.",
  search_label: "Search the catalogue",
  search_placeholder: "Song or artist",
  search_empty: (words: string) => `Nothing found for “${words}”. Fewer or other words may help.`,
  search_found: (found: number) => `${count(found, "song", "songs")} found. Arrow keys choose.`,
  picked: "picked",
  pick_added: (title: string, picked: number) =>
    `${title} added. ${count(picked, "song", "songs")} picked.`,
  pick_removed: (title: string) => `${title} removed.`,
  remove: (title: string) => `Remove ${title}`,
  picks_none: "No song picked yet.",
  picks_more: (more: number) => `${count(more, "more makes", "more make")} a good start.`,
  picks_full: (most: number) => `${most} songs are the most that fit.`,
  basis_label: "Recommend from",
  basis_which: "Which one",
  basis_kinds: {
    songs: "songs I pick",
    library: "my whole music library",
    recent: "what was added recently",
    folder: "a folder",
    playlist: "a playlist",
    spotify: "what Spotify knows of me",
  },
  basis_folder: (name: string, songs: number) => `${name} (${count(songs, "song", "songs")})`,
  adventurousness: "Adventurousness",
  adventurousness_near: "close to my songs",
  adventurousness_far: "far from them",
  adventurousness_words: ["very close", "close", "in between", "far", "very far"],
  no_explicit: "No explicit lyrics",
  recommend: "Recommend",
  recommend_again: "Recommend again",
  pick_first: "Pick at least one song first.",

  // Progress
  progress_label: "Progress",
  stages: {
    fetch: ["Find", "your songs in the catalogue"],
    cluster: ["Place", "them among the clusters"],
    score: ["Rank", "the catalogue"],
    ledger: ["Record", "the list in the ledger"],
  } as StepNames,
  asked: "Asked. Waiting for the first stage…",
  took: (seconds: number) => `Ready in ${seconds < 0.095 ? seconds.toFixed(2) : seconds.toFixed(1)} s`,
  slow: "This takes longer than usual. Nothing is lost; the list appears as soon as it is there.",

  // The list
  list_title: "Recommended for you",
  list_first: "Your list will stand here",
  list_first_lead:
    "Pick a few songs you like and press Recommend. Groove compares their sound with every song of the catalogue and answers with twenty.",
  by: (artists: string[]) => artists.join(", "),
  is_new: "New",
  explicit: "Explicit",
  confidence_of: (title: string, part: number) =>
    `Confidence that you will like ${title}: ${percent(part)}`,
  basis_prior:
    "The bar is the chance that you will approve of the song. No verdicts yet, so it rests on a general prior; each verdict makes it yours.",
  basis_verdicts: (verdicts: number) =>
    `The bar is the chance that you will approve of the song, calibrated on your ${count(verdicts, "verdict", "verdicts")}.`,
  sounds_like: (title: Child, artists: string[]): Child[] => [
    "Sounds like ", title, artists.length ? ` by ${artists.join(", ")}` : "",
  ],
  from_cluster: (name: Child, liked_songs: number): Child[] => [
    "From the cluster ", name,
    liked_songs ? ` (${count(liked_songs, "song of yours", "songs of yours")})` : "",
  ],
  would_change: (change: WouldChange): string => (change.kind === "song"
    ? `Had you disapproved ${change.title}, it would come after ${change.behind.title}`
    : `Were ${change.feature} ignored, it would come after ${change.behind.title}`),
  play: "Play",
  play_song: (title: string) => `Play ${title}`,
  player: "Player",
  player_close: "Close the player",
  playing: (title: string) => `Playing ${title}.`,
  cannot_play: (title: string) =>
    `${title} cannot be played here: the file has gone, or this browser does not know its format.`,
  licence: "Licence",
  approve: "Approve",
  disapprove: "Disapprove",
  approve_song: (title: string) => `Approve ${title}`,
  disapprove_song: (title: string) => `Disapprove ${title}`,
  keys_hint: "Arrow keys move between songs; a approves, d disapproves, u takes the last verdict back.",
  all_new: (songs: number) => `All ${count(songs, "song is", "songs are")} new.`,
  some_new: (songs: number) => `${count(songs, "new song", "new songs")} since the list before.`,
  none_new: "The same songs as before, in their new order.",
  learned: (words: string[]) => `Learned from your verdicts: ${list(words)}.`,
  learned_nothing: (verdicts: number) =>
    `${count(verdicts, "verdict", "verdicts")} counted; nothing stands out yet.`,
  verdicts: (approved: number, disapproved: number) =>
    `${number.format(approved)} approved, ${number.format(disapproved)} disapproved`,
  list_ready: (songs: number) => `A new list of ${count(songs, "song", "songs")} is ready.`,
  list_empty:
    "No song fits these wishes. Allow explicit lyrics, change the adventurousness or pick other songs.",
  missing: (names: number) =>
    `${count(names, "song of yours is", "songs of yours are")} not in the catalogue and could not be used:`,
  refused_title: "No list this time",
  refused_by: (stage: string) => `Said by the stage “${stage}”.`,
  recorded: (index: number) => `Recorded in the ledger as entry ${number.format(index)}`,
  recorded_leaf: "Leaf hash",
  save_as: "Save this list as",
  receipt: "Download the receipt",
  receipt_use: "a proof that this list is in the ledger; it is checked offline with",
  recorded_at: "Recorded",
  recorded_catalog: "Catalogue",
  recorded_model: "Model",

  // Verdicts
  approved: (title: string) => `Approved ${title}.`,
  disapproved: (title: string) => `Disapproved ${title}.`,
  undo: "Undo",
  undone: (title: string) => `Verdict on ${title} taken back.`,

  // The map
  map_title: "Sound map",
  map_lead: "Songs near each other sound alike; colours are clusters.",
  map_label: (yours: number, recommended: number) =>
    `Sound map with ${count(yours, "song of yours", "songs of yours")} and ${count(recommended, "recommended song", "recommended songs")}. Arrow keys step through them.`,
  map_yours: "Your songs",
  map_recommended: "Recommended",
  map_catalogue: "Catalogue",
  map_clusters: "Clusters",
  map_more_clusters: (clusters: number) => `All ${clusters} clusters`,
  map_table: "As a table",
  map_song: "Song",
  map_kind: "Kind",
  map_cluster: "Cluster",
  map_none: "The map appears when the songs have been learned.",
  cluster_unnamed: (id: number) => `cluster ${id}`,

  footer: (songs: number) =>
    `${count(songs, "song", "songs")} in the catalogue. Everything stays on this machine.`,
} as const;
