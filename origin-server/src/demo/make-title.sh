#!/bin/sh
# Makes the bundled demo title from synthetic sources: three heights of H.264, two languages of
# AAC-LC, one CMAF file a track. The results are committed; run this only to change the title.
#
#   make-title.sh [DIRECTORY]      default: the resource folder of the demo
#
# Needs ffmpeg with libx264, libfreetype and fontconfig (for the clock in the picture).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../main/resources/dev/sluice/origin/demo}
seconds=30
rate=25
gop=$((rate * 2)) # two seconds, closed, so that the fragments of all heights start together
font="font=DejaVu Sans"
mono="font=DejaVu Sans Mono"
mkdir -p "$out"

# Slow colours, a sweeping bar that makes a stutter visible, the clock, and which rendition it is.
# (The clock's text begins with the place of a sign, hence its x.)
picture() { # height label
  printf '%s' "drawbox=x=0:y=ih-ih/60:w=iw:h=ih/60:color=black@0.35:t=fill,"
  printf '%s' "drawtext=$mono:text='%{pts\\:hms}':fontsize=h/6:fontcolor=white@0.95:x=w/2-h*0.702:y=(h-text_h)/2-h/24:shadowcolor=black@0.4:shadowx=2:shadowy=2,"
  printf '%s' "drawtext=$font:text='Sluice':fontsize=h/11:fontcolor=white@0.9:x=w/24:y=h/16,"
  printf '%s' "drawtext=$font:text='$2':fontsize=h/14:fontcolor=white@0.75:x=w-text_w-w/24:y=h/14,"
  printf '%s' "drawtext=$font:text='encrypted as it is served':fontsize=h/20:fontcolor=white@0.7:x=(w-text_w)/2:y=h*0.68"
}

video() { # width height kilobits level
  ffmpeg -v error -y \
    -f lavfi -i "gradients=s=$1x$2:r=$rate:d=$seconds:speed=0.012:n=4:seed=11:c0=0x0b1f3a:c1=0x146c78:c2=0x3b2a6b:c3=0x0e3b56" \
    -f lavfi -i "color=c=0x7fe3d4:s=$(($1 / 8 / 2 * 2))x$(($2 / 60 + 1)):r=$rate:d=$seconds" \
    -filter_complex "[0:v]$(picture "$2" "$2p")[p];[p][1:v]overlay=x='mod(t,4)/4*(W+w)-w':y=H-h:shortest=1,format=yuv420p[v]" \
    -map '[v]' -t "$seconds" -map_metadata -1 -fflags +bitexact -flags:v +bitexact+cgop \
    -c:v libx264 -threads 1 -preset veryslow -tune animation -profile:v high -level "$4" -bf 2 \
    -b:v "$3k" -maxrate "$(($3 * 3 / 2))k" -bufsize "$(($3 * 2))k" \
    -g "$gop" -keyint_min "$gop" -sc_threshold 0 -x264-params open-gop=0 \
    -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv \
    -video_track_timescale 12800 -f mp4 \
    -movflags +cmaf+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets+global_sidx \
    "$out/video_$2.mp4"
}

# A plucked note every half second from a five-note scale: each language its own octave and order.
audio() { # language expression
  ffmpeg -v error -y \
    -f lavfi -i "aevalsrc=exprs='$2|$2':s=48000:d=$seconds" \
    -af "aecho=0.8:0.6:250:0.25,afade=t=in:d=0.02,alimiter=limit=0.7" -t "$seconds" \
    -map_metadata -1 -metadata:s:a:0 "language=$1" -fflags +bitexact -flags:a +bitexact \
    -c:a aac -profile:a aac_low -ac 2 -b:a 64k -f mp4 -frag_duration 2000000 \
    -movflags +cmaf+empty_moov+default_base_moof+negative_cts_offsets+global_sidx \
    "$out/audio_$1.mp4"
}

# note(step): 0.3*sin(2*PI*f*t) with a decay that restarts every half second
pluck() { # base frequency, step order modulus, decay
  printf '%s' "0.3*exp(-$3*mod(t\\,0.5))*min(1\\,mod(t\\,0.5)*200)*sin(2*PI*$1*pow(2\\,floor(mod(floor(t*2)*$2\\,5)*2.4)/12)*t)"
}

video 426 240 120 2.1
video 640 360 250 3.0
video 960 540 450 3.1
audio eng "$(pluck 330 2 5)"
audio fra "$(pluck 196 3 4)"
