# Sourced by deploy/up, down, supervise, scale, restart and doctor: where things are (workers/places.h says the same).
DATA=${DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/groove}

# The kinds of processes, in the order in which they stop: the door first, then along the flow of data.
KINDS="gateway fetch cluster score ledger"

# A UNIX socket's path has at most 107 bytes; a longer data folder gets its sockets elsewhere.
set_places() {
  mkdir -p "$DATA"
  DATA=$(cd "$DATA" && pwd)
  RUN=$DATA/run
  if [ $(( ${#RUN} + 20 )) -gt 100 ]; then
    RUN=/tmp/groove-$(id -u)-$(printf %s "$DATA" | cksum | cut -d' ' -f1)
  fi
  LOG=$DATA/log
}

# Whether a process of ours with that pid file is alive.
alive() {
  local pid
  pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}

# How many of that kind shall run here: a line of DATA/scale, "score 2"; else one.
wanted() {
  local count
  count=$(awk -v kind="$1" '$1 == kind { n = $2 } END { print n }' "$DATA/scale" 2>/dev/null)
  echo "${count:-1}"
}

# set_wanted KIND N: for now and for every start to come.
set_wanted() {
  { grep -v "^$1 " "$DATA/scale" 2>/dev/null || true; echo "$1 $2"; } > "$DATA/.scale.tmp"
  mv -f "$DATA/.scale.tmp" "$DATA/scale"
}

# Whether a stand-in answers in Spotify's place (deploy/up --demo), and at which port.
is_spotify_demo() { grep -q '"demo": true' "$DATA/spotify.json" 2>/dev/null; }
spotify_port() { sed -n 's/.*"accounts": "http:\/\/127.0.0.1:\([0-9]*\)".*/\1/p' "$DATA/spotify.json"; }

# is_count TEXT: 0 to 64, in digits.
is_count() {
  case $1 in ''|*[!0-9]*|???*) return 1 ;; esac
  [ "$1" -le 64 ]
}

# The processes of a kind that have a pid file, the highest number first.
running() {
  local file
  for file in "$RUN/$1"-*.pid; do
    [ ! -e "$file" ] || basename "$file" .pid
  done | sort -t- -k2,2nr
}
