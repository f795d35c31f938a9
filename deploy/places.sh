# Sourced by deploy/up, down, supervise and doctor: where things are (workers/places.h says the same).
DATA=${DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/groove}

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
