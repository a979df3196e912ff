"""What a result says of the machine, the tools and the tree. No names, no paths."""

import datetime
import os
import re
import subprocess
import time

import shell


class Others:
    """How much of the cores other processes took meanwhile: what makes figures move."""

    def __init__(self, servers):
        self.servers = servers
        self.begin = self._read()

    def share(self):
        """From 0 to 1, of all cores."""
        now = self._read()
        seconds, busy, ours = (b - a for a, b in zip(self.begin, now))
        return max(0.0, busy - ours) / (seconds * os.cpu_count())

    def _read(self):
        ticks = [int(n) for n in _read("/proc/stat").split("\n", 1)[0].split()[1:]]
        busy = (sum(ticks[:3]) + sum(ticks[5:7])) / os.sysconf("SC_CLK_TCK")
        own = os.times()  # children that have ended are in it, servers that run are not
        ours = sum(own[:4]) + sum(shell.cpu_seconds(s.pid) for s in self.servers if s.alive())
        return time.monotonic(), busy, ours


def facts(sluice):
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "cpu": _first(r"^model name\s*: (.*)$", _read("/proc/cpuinfo")),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGESIZE") / 2**30),
        "kernel": f"{os.uname().sysname} {os.uname().release}",
        "system": _first(r'^PRETTY_NAME="?([^"\n]*)', _read("/etc/os-release")),
        "jdk": _jdk(sluice.java_home()),
        "nginx": _first(r"nginx/(\S+)", _tool("nginx", "-v")),
        "openssl": _first(r"OpenSSL (\S+)", _tool("openssl", "version")),
        "wrk": _first(r"^wrk (?:debian/)?(\S+)", _tool("wrk", "-v")),
        "h2load": _first(r"nghttp2/(\S+)", _tool("h2load", "--version")),
        "commit": _git("rev-parse", "--short=10", "HEAD"),
        "changed": bool(_git("status", "--porcelain", "--untracked-files=no")),
    }


def _jdk(home):
    release = _read(os.path.join(home, "release"))
    return " ".join(x for x in (_first(r'^IMPLEMENTOR="(.*)"$', release), _first(r'^JAVA_RUNTIME_VERSION="(.*)"$', release)) if x)


def _read(path):
    try:
        with open(path, errors="replace") as f:
            return f.read()
    except OSError:
        return ""


def _first(pattern, text):
    found = re.search(pattern, text, re.M)
    return found[1].strip() if found else ""


def _tool(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    return done.stdout + done.stderr


def _git(*command):
    try:
        done = subprocess.run(["git", "-C", shell.ROOT, *command], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=30)
        return done.stdout.strip() if done.returncode == 0 else ""
    except OSError:
        return ""
