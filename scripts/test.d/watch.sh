# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"

image=$project/app/target/ramzswap

can_be_set_up() {
  "$here/build"
}

# serve: a daemon of this test's own with two devices; sets control. It ends with the test.
serve() {
  # A Unix socket's path is short; the test's directory may not be.
  sockets=$(mktemp -d /tmp/ramzswap-test.XXXXXX)
  control=$sockets/control
  "$image/bin/ramzswapd" --listen "unix:$sockets/nbd" --devices 2 --disksize 16M --control "$control" >daemon.log 2>&1 &
  daemon=$!
  trap stop_serving EXIT
  # shellcheck disable=SC2016 # expanded in await
  await '[[ -S $control ]]'
}

stop_serving() {
  [[ ! -S $sockets/tmux ]] || tmux -S "$sockets/tmux" kill-server || true
  kill "$daemon" 2>/dev/null || true
  wait "$daemon" || true
  rm -rf "$sockets"
}

# screen COLUMNS ROWS: a terminal of that size with a shell in it
screen() {
  tmux -S "$sockets/tmux" -f /dev/null new-session -d -x "$1" -y "$2" "env PS1='shell> ' sh"
  await 'shown "^shell>"'
}

type_keys() {
  tmux -S "$sockets/tmux" send-keys "$@"
}

contents() {
  tmux -S "$sockets/tmux" capture-pane -p "$@"
}

# shown PATTERN: whether a line of the terminal is like that
shown() {
  contents | grep -qE -- "$1"
}

# start_top: in the terminal, and what the terminal was set to before goes to the file "before"
start_top() {
  type_keys "stty -a >$PWD/before; $image/bin/rzscontrol top --control $control -d 0.5; echo ended with \$?; stty -a >$PWD/after" Enter
  await 'shown "^DEVICE +SIZE"'
}

# left STATUS: top has ended so, and the terminal is what it was
left() {
  await "shown '^ended with $1\$'"
  await '[[ -s after ]]'
  cmp before after
  ! shown '^DEVICE' || fail 'the screen of top is still there'
  [[ $(tmux -S "$sockets/tmux" display-message -p '#{alternate_on} #{cursor_flag}') == '0 1' ]] ||
    fail 'the terminal has another screen, or no cursor'
}

should_show_devices_on_a_terminal_and_leave_it_as_it_was() {
  serve
  screen 80 24
  start_top
  shown '^ramzswap [0-9:]+   q leaves$' || fail 'no heading'
  shown '^rz0 +16M ' || fail 'no rz0'
  shown '^rz1 +16M ' || fail 'no rz1'
  await 'shown "^rz1 .* 0B +0B +- +-$"'
  contents -e | grep -q $'\e\\[1m' || fail 'nothing is emphasised'
  type_keys q
  left 0
}

should_use_no_colours_when_they_are_not_wanted() {
  serve
  screen 80 24
  type_keys 'export NO_COLOR=1' Enter
  start_top
  ! contents -e | grep -q $'\e\\[[0-9]' || fail 'there are colours'
  type_keys C-c
  left 0
}

should_fit_a_small_terminal_and_follow_its_size() {
  serve
  screen 50 8
  start_top
  (($(contents | wc -L) <= 50)) || fail 'lines are too long'
  shown '^rz1' || fail 'no rz1'
  tmux -S "$sockets/tmux" resize-window -x 100 -y 30
  await 'shown "ms/WRITE$"'
  type_keys q
  await "shown '^ended with 0\$'"
}

# $! of the shell in the terminal cannot be had: top is the one that talks to this daemon.
pid_of_top() {
  pgrep -f "RzscontrolMain top --control $control "
}

should_leave_the_terminal_as_it_was_when_it_is_killed() {
  serve
  screen 80 24
  start_top
  kill -TERM "$(pid_of_top)"
  left 143
}

should_stay_and_say_so_when_the_daemon_goes() {
  serve
  screen 80 24
  start_top
  kill "$daemon"
  await 'shown "^no daemon at .*control: start ramzswapd"'
  shown '^rz0 +16M ' || fail 'the last look is gone'
  type_keys q
  left 0
}

should_be_left_while_the_daemon_hangs() {
  serve
  screen 80 24
  start_top
  kill -STOP "$daemon"
  # By then top has looked again, and waits.
  sleep 2
  type_keys C-c
  left 0
  kill -CONT "$daemon"
}

should_warn_of_a_daemon_that_hangs() {
  serve
  "$image/bin/rzscontrol" doctor --control "$control" --quiet >before || true
  kill -STOP "$daemon"
  "$image/bin/rzscontrol" doctor --control "$control" --quiet >hanging || true
  kill -CONT "$daemon"
  expect_match hanging '^warning +daemon +the daemon at .*control does not answer'
  ! grep -n 'does not answer' before || fail 'that is no daemon that hangs'
}

should_give_metrics_that_prometheus_likes() {
  serve
  "$image/bin/rzscontrol" metrics --control "$control" >printed
  promtool check metrics <printed
  "$image/bin/rzscontrol" metrics --control "$control" --textfile "$PWD/a.prom"
  [[ $(sed 's/[0-9.E]*$//' printed) == "$(sed 's/[0-9.E]*$//' a.prom)" ]] || fail 'the file has other metrics'
}

should_let_others_read_the_file_of_metrics_whatever_the_umask_is() {
  serve
  (
    umask 077
    "$image/bin/rzscontrol" metrics --control "$control" --textfile "$PWD/a.prom"
  )
  [[ $(stat -c %a a.prom) == 644 ]] || fail "node_exporter, which is another user, finds $(ls -l a.prom)"
}

should_serve_metrics_over_http() {
  serve
  "$image/bin/rzscontrol" metrics --control "$control" --listen 0 >served 2>&1 &
  local metrics=$! url
  await '[[ -s served ]]'
  url=$(sed -n 's/^serving //p' served)
  expect_match served '^serving http://127\.0\.0\.1:[0-9]+/metrics$'
  python3 -c 'import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1]).read().decode())' "$url" >up
  promtool check metrics <up
  expect_line up 'ramzswap_up 1.0'
  # A daemon that hangs is down as well, and Prometheus hears of it in time: it waits for 10 seconds.
  kill -STOP "$daemon"
  python3 -c 'import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=10).read().decode())' "$url" >hanging
  expect_line hanging 'ramzswap_up 0.0'
  kill -CONT "$daemon"
  kill "$daemon"
  wait "$daemon" || true
  python3 -c 'import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1]).read().decode())' "$url" >down
  expect_line down 'ramzswap_up 0.0'
  kill $metrics
  wait $metrics || true
}

should_analyse_the_memory_of_this_machine() {
  if ((EUID != 0)); then
    expect_status 0 "$image/bin/rzscontrol" analyze --sample 500 --pid $$
  else
    expect_status 0 "$image/bin/rzscontrol" analyze --sample 500
  fi
  expect_match out '^lz4$'
  expect_match out '^  takes +[0-9.]+ %  '
}
