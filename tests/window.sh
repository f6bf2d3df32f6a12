#!/bin/sh
# Drives the real window under Xvfb with software Vulkan, by mouse and keyboard.
#
#   tests/window.sh edit PROGRAM    open a copy of the 1 GW campus, change one number,
#                                   see the headline change, undo, redo, save, exit
#   tests/window.sh recover PROGRAM the same edit, then kill -9: the next start offers the
#                                   work, takes it over, undoes, redoes and saves it
#   tests/window.sh hour PROGRAM    a planner's first hour: a new site of 100 MW from the page
#                                   of answers, a block of 16 racks placed from the palette
#                                   and fed by name, undo, redo, save, another block,
#                                   kill -9, start again, recover, save
#   tests/window.sh start PROGRAM   the window appears, draws and closes
#
# Pictures are left in $GIGASITE_SHOTS (default: a throw-away folder, kept on failure).
set -eu
mode=${1:?mode: edit, recover, hour or start}
program=${2:?path of the program}
root=$(cd "$(dirname "$0")/.." && pwd)

# Where things stand in a window of $width x $height, in pixels from its corner.
width=1600
height=1000
# The figures of the headline strip, below the title bar (34 pixels high): what must change with
# the plan. The line below them may tell what the last change did, which is not part of the state.
headline_box=1600x28+0+52
# With nothing selected the inspector (the right-hand 332 pixels) shows the site; its second
# row is the grid contract.
contract_field="1440 198"

work=$(mktemp -d)
shots=${GIGASITE_SHOTS:-$work/shots}
mkdir -p "$shots"
log=$work/log
x_pid=
app_pid=

fail() {
    echo "window: $*" >&2
    [ -n "$app_pid" ] && shot failure || true
    [ -s "$log" ] && tail -n 20 "$log" >&2
    echo "window: pictures in $shots" >&2
    trap - EXIT
    end_processes
    exit 1
}

end_processes() {
    [ -z "$app_pid" ] || kill "$app_pid" 2>/dev/null || true
    [ -z "$x_pid" ] || kill "$x_pid" 2>/dev/null || true
}

clean_up() {
    end_processes
    rm -rf "$work"
}
trap clean_up EXIT

# ---------------------------------------------------------------- helpers

start_x() {
    Xvfb -displayfd 3 -screen 0 ${width}x${height}x24 -nolisten tcp 3>"$work/display" >/dev/null 2>&1 &
    x_pid=$!
    tries=0
    while [ ! -s "$work/display" ]; do
        tries=$((tries + 1))
        [ $tries -le 100 ] || fail "Xvfb did not start"
        sleep 0.1
    done
    DISPLAY=:$(cat "$work/display")
    export DISPLAY
    unset WAYLAND_DISPLAY WAYLAND_SOCKET 2>/dev/null || true
    # Software Vulkan, so that the result does not depend on the machine.
    for icd in /usr/share/vulkan/icd.d/lvp_icd*.json; do
        if [ -f "$icd" ]; then
            VK_ICD_FILENAMES=$icd
            VK_DRIVER_FILES=$icd
            export VK_ICD_FILENAMES VK_DRIVER_FILES
        fi
    done
    # Settings and recovery files of this run alone.
    unset GIGASITE_DATA_DIR
    XDG_CONFIG_HOME=$work/config
    XDG_DATA_HOME=$work/data
    XDG_CACHE_HOME=$work/cache
    XDG_RUNTIME_DIR=$work/runtime
    export XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR
    mkdir -m 700 "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_RUNTIME_DIR"
}

# start_app ARGS...: starts the program and waits for its window.
start_app() {
    "$program" "$@" >"$log" 2>&1 &
    app_pid=$!
    tries=0
    until window=$(xdotool search --onlyvisible --name Gigasite 2>/dev/null | head -n 1) && [ -n "$window" ]; do
        tries=$((tries + 1))
        kill -0 "$app_pid" 2>/dev/null || fail "the program ended before a window appeared"
        [ $tries -le 300 ] || fail "no window after 60 s"
        sleep 0.2
    done
    # Without a window manager nobody else sizes, places or focuses the window.
    xdotool windowmove "$window" 0 0 windowsize "$window" $width $height windowfocus "$window"
}

# awaited WHAT COMMAND...: waits until the command succeeds.
awaited() {
    what=$1
    shift
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -le 150 ] || fail "$what"
        sleep 0.2
    done
}

# shot NAME: a picture of the whole screen.
shot() { import -silent -window root "$shots/$1.png"; }

# part NAME BOX: a signature of the pixels inside BOX (WxH+X+Y) of picture NAME.
part() { convert "$shots/$1.png" -crop "$2" +repage -depth 8 rgb:- | cksum | cut -d ' ' -f 1; }

# colours NAME BOX: number of different colours inside BOX; a blank window has one or two.
colours() { convert "$shots/$1.png" -crop "$2" +repage -format %k info:; }

# settle NAME [BOX]: waits until two pictures half a second apart agree inside BOX.
settle() {
    box=${2:-${width}x${height}+0+0}
    tries=0
    before=
    while :; do
        shot "$1"
        now=$(part "$1" "$box")
        [ "$now" != "$before" ] || break
        before=$now
        tries=$((tries + 1))
        [ $tries -le 120 ] || fail "the window does not come to rest ($1)"
        sleep 0.5
    done
}

# Free floor of the hall that 100 MW give, between its fields of dry coolers: two places.
floor="691 548"
more_floor="691 578"
# Where the palette of commands and choices of elements open.
palette_box=660x200+470+118
# The first chip of the catalogue: the rack of the site.
chip_box=104x26+12+129

# The dot at the left of the status bar, and its colour while the full result is shown.
status_dot="13,988"
full_result="35C6A4"

has_full_result() {
    shot "$1"
    [ "$(convert "$shots/$1.png" -depth 8 -format "%[hex:p{$status_dot}]" info:)" = "$full_result" ]
}

# answered NAME: waits until the answer to the layout is on screen and rests.
answered() {
    awaited "no full result on screen" has_full_result "$1"
    settle "$1" "$headline_box"
}

# changed FROM NAME BOX: waits until BOX differs from picture FROM; the new picture is NAME.
changed() {
    tries=0
    while shot "$2" && [ "$(part "$1" "$3")" = "$(part "$2" "$3")" ]; do
        tries=$((tries + 1))
        [ $tries -le 60 ] || fail "nothing changed on screen between $1 and $2"
        sleep 0.5
    done
    settle "$2" "$3"
}

click() { xdotool mousemove "$1" "$2" sleep 0.1 click 1 sleep 0.2; }
keys() { xdotool key --delay 60 "$@" sleep 0.2; }
text() { xdotool type --delay 40 "$1" && sleep 0.2; }

# objective FILE: what the engine says of the file, to compare with the screen.
objective() {
    "$program" solve --json "$1" 2>/dev/null | sed -n 's/^ *"objective_usd_per_year": *\([-0-9.e+]*\).*/\1/p' | head -n 1
}

# quit: asks the window to close and waits for a clean end.
quit() {
    keys ctrl+q
    tries=0
    while kill -0 "$app_pid" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -le 100 ] || fail "the window did not close on Ctrl+Q"
        sleep 0.2
    done
    code=0
    wait "$app_pid" || code=$?
    app_pid=
    [ "$code" -eq 0 ] || fail "the program ended with code $code"
}

# ---------------------------------------------------------------- the edit

# edit_number FROM NAME: changes the grid contract from 1,000 to 900 MW in the inspector, by
# mouse into the field, by keyboard the number, and waits until the headline differs from
# picture FROM; the new picture is NAME. A busy machine may take a click and the keys after
# it for one moment, so the whole is tried again where nothing comes of it.
edit_number() {
    for _ in 1 2 3 4 5; do
        # Keys of a click that was lost may have selected something: the field is the site's.
        keys Escape
        # Two words on purpose.
        # shellcheck disable=SC2086
        click $contract_field
        sleep 0.5
        keys ctrl+a
        text 900
        keys Return
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            sleep 0.5
            shot "$2"
            [ "$(part "$1" "$headline_box")" = "$(part "$2" "$headline_box")" ] || break 2
        done
    done
    changed "$1" "$2" "$headline_box"
}

run_start() {
    start_app open "${GIGASITE_LAYOUT:-$root/layouts/keynote-rubin-1gw.ron}"
    settle started
    [ "$(colours started ${width}x${height}+0+0)" -gt 20 ] || fail "the window stays empty"
    quit
}

run_edit() {
    layout=$work/campus.ron
    cp "$root/layouts/campus-1gw.ron" "$layout"
    opened_at=$(objective "$layout")
    [ -n "$opened_at" ] || fail "the engine gives no objective for the campus"
    start_app open "$layout"
    answered opened
    [ "$(colours opened "$headline_box")" -gt 20 ] || fail "the headline stays empty"
    edit_number opened edited
    keys ctrl+z
    changed edited undone "$headline_box"
    keys ctrl+shift+z
    changed undone redone "$headline_box"
    keys ctrl+s
    tries=0
    while cmp -s "$layout" "$root/layouts/campus-1gw.ron"; do
        tries=$((tries + 1))
        [ $tries -le 50 ] || fail "Ctrl+S did not change the file"
        sleep 0.2
    done
    quit
    after=$(objective "$layout")
    [ -n "$after" ] && [ "$after" != "$opened_at" ] ||
        fail "the saved layout solves to the same objective ($opened_at) as before the edit"
    echo "window: objective $opened_at before the edit, $after after it"
}

# side_file: the file of unsaved work, empty where there is none.
side_file() { ls "$XDG_DATA_HOME"/*/recovery/*.ron 2>/dev/null | head -n 1; }

# The contract that a layout states, in MW.
contract() { sed -n 's/.*grid_contract_mw: \([0-9]*\).*/\1/p' "$1" | head -n 1; }

has_side_file() { [ -n "$(side_file)" ]; }
has_no_side_file() { [ -z "$(side_file)" ]; }
has_contract() { [ "$(contract "$layout")" = "$1" ]; }

# headline_of SEEN NAME: a new picture NAME shows the headline that picture SEEN shows.
headline_of() {
    shot "$2"
    [ "$(part "$1" "$headline_box")" = "$(part "$2" "$headline_box")" ]
}

run_recover() {
    layout=$work/campus.ron
    cp "$root/layouts/campus-1gw.ron" "$layout"
    start_app open "$layout"
    answered opened
    edit_number opened edited
    awaited "the edit was not kept in a side file" has_side_file
    [ "$(contract "$(side_file)")" = 900 ] || fail "the side file does not hold the edit"
    cmp -s "$layout" "$root/layouts/campus-1gw.ron" || fail "keeping wrote the layout itself"
    kill -9 "$app_pid"
    wait "$app_pid" 2>/dev/null || true
    app_pid=

    start_app open "$layout"
    settle offered
    # The offer waits for an answer; its first button has the keyboard.
    keys Return
    awaited "the headline is not that of the edit again" headline_of edited recovered
    awaited "the recovered work was not kept again" has_side_file
    keys ctrl+z
    awaited "undo does not give the file" headline_of opened undone
    keys ctrl+shift+z
    awaited "redo does not give the recovered work" headline_of edited redone
    keys ctrl+s
    awaited "Ctrl+S did not save the recovered work" has_contract 900
    awaited "saved work is still kept for recovery" has_no_side_file
    quit
    echo "window: the edit outlived kill -9 and is saved"
}

# racks FILE: rack places of all blocks of a layout.
racks() { sed -n '/^    blocks: /,$p' "$1" | sed -n 's/.*[( ]count: \([0-9]*\).*/\1/p' | awk '{ n += $1 } END { print n + 0 }'; }
has_racks() { [ -s "$1" ] && [ "$(racks "$1")" = "$2" ]; }
has_side_racks() { has_racks "$(side_file)" "$1"; }

# soon COMMAND...: whether the command succeeds within some seconds.
soon() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -le 30 ] || return 1
        sleep 0.2
    done
}

# differs FROM NAME BOX: a new picture NAME differs from picture FROM inside BOX.
differs() {
    shot "$2"
    [ "$(part "$1" "$3")" != "$(part "$2" "$3")" ]
}

# place_block "X Y" RACKS: takes the rack of the site from the palette by keyboard, makes it a
# block of 16, clicks on the ground at X Y, and waits until RACKS rack places are kept. A busy
# machine may swallow keys; what came of half a gesture is undone and the whole tried again.
place_block() {
    for _ in 1 2 3 4 5; do
        keys Escape Escape
        # The pointer away from where the palette opens.
        xdotool mousemove 800 980 sleep 0.2
        settle before_block
        keys p
        soon differs before_block asked "$palette_box" || continue
        text "vera rubin nvl72"
        settle asked "$palette_box"
        keys Return
        # The chip of the rack in hand is lit.
        soon differs before_block in_hand "$chip_box" || continue
        # Two words on purpose.
        # shellcheck disable=SC2086
        xdotool mousemove $1 sleep 0.3
        text 16
        keys Return
        settle in_hand
        # shellcheck disable=SC2086
        click $1
        keys Escape
        if soon has_side_racks "$2"; then
            return 0
        fi
        # Something else, or nothing, was placed.
        if differs before_block other "$headline_box"; then
            keys ctrl+z
            soon headline_of before_block other || fail "half a gesture cannot be undone"
        fi
    done
    fail "no block of 16 racks was placed at $1"
}

# feeds FILE: how many connections to $feeder a layout states.
feeds() { grep -c "node: \"$feeder\"" "$1" || true; }
is_fed() { [ -n "$(side_file)" ] && [ "$(feeds "$(side_file)")" -eq "$1" ]; }

# feed_block NAME COUNT: feeds what is selected from the element of that name, by the keyboard,
# and waits until $feeder has COUNT connections.
feed_block() {
    for _ in 1 2 3 4 5; do
        settle before_feed
        keys ctrl+shift+f
        soon differs before_feed chooser "$palette_box" || continue
        text "$1"
        settle chooser "$palette_box"
        keys Return
        if soon is_fed "$2"; then
            return 0
        fi
        keys Escape
    done
    fail "the block is not fed from $1"
}

has_file() { [ -s "$1" ]; }

run_hour() {
    layout=$work/hour.ron
    # Without a portal the window asks for paths itself.
    unset DBUS_SESSION_BUS_ADDRESS
    # What the page must come to, from the same generator.
    "$program" new --mw 100 --out "$work/expected.ron" >/dev/null || fail "no site of 100 MW"
    fits=$(racks "$work/expected.ron")
    [ "$fits" -gt 300 ] || fail "only $fits racks fit 100 MW"
    start_app open "$root/layouts/pilot-20mw.ron"
    answered pilot
    keys ctrl+n
    settle page
    # The contract has the keyboard, its digits are selected.
    text 100
    sleep 1
    settle answers
    keys ctrl+Return
    changed answers created "$headline_box"
    answered created
    settle created
    place_block "$floor" $((fits + 16))
    answered placed
    [ "$(part created "$headline_box")" != "$(part placed "$headline_box")" ] ||
        fail "sixteen racks more do not show in the headline"
    # The block that was placed is selected; it goes to the busway of the other wing.
    feeder=$(sed -n 's/.*id: "\([^"]*\)", name: "Hall 1 south row 2 busways".*/\1/p' "$work/expected.ron" | head -n 1)
    [ -n "$feeder" ] || fail "the new site has no busway of the second row in the south"
    connected=$(feeds "$(side_file)")
    feed_block "south row 2 busways" $((connected + 1))
    answered fed
    keys ctrl+z
    awaited "undo does not take the feed back" is_fed "$connected"
    keys ctrl+z
    awaited "undo does not give the new site again" headline_of created undone
    keys ctrl+shift+z
    keys ctrl+shift+z
    awaited "redo does not bring block and feed back" headline_of fed redone
    keys ctrl+s
    soon differs redone path_asked "$palette_box" || true
    keys ctrl+a
    text "$layout"
    for _ in 1 2 3 4 5; do
        keys Return
        ! soon has_file "$layout" || break
    done
    awaited "the new site was not saved with its racks" has_racks "$layout" $((fits + 16))
    [ "$(feeds "$layout")" -eq $((connected + 1)) ] || fail "the saved block is not fed by $feeder"
    "$program" check "$layout" >"$work/found" || fail "the saved site is invalid: $(cat "$work/found")"
    place_block "$more_floor" $((fits + 32))
    answered again
    kill -9 "$app_pid"
    wait "$app_pid" 2>/dev/null || true
    app_pid=

    start_app open "$layout"
    settle offered
    keys Return
    awaited "the headline is not that of the second block" headline_of again recovered
    keys ctrl+s
    awaited "the recovered block was not saved" has_racks "$layout" $((fits + 32))
    awaited "saved work is still kept for recovery" has_no_side_file
    quit
    echo "window: a new site of $fits racks, $((fits + 32)) after two blocks and a kill -9"
}

start_x
case $mode in
    hour) run_hour ;;
    recover) run_recover ;;
    start) run_start ;;
    edit) run_edit ;;
    *) fail "unknown mode $mode" ;;
esac
echo "window: $mode passed"
