"""What the scripts of this folder share: children that end with them, tools, folders and bounds."""

import atexit
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
LOOPBACK = "127.0.0.1"

# Each command, and the Debian package that has it.
TOOLS = {
    "nginx": "nginx-light",
    "wrk": "wrk",
    "h2load": "nghttp2-client",
    "ffmpeg": "ffmpeg",
    "curl": "curl",
    "openssl": "openssl",
    "setpriv": "util-linux",
    "taskset": "util-linux",
}

_children = []


def say(text):
    """A line on standard error: standard output is for results."""
    print(text, file=sys.stderr, flush=True)


def die(text, code=1):
    say(f"{os.path.basename(sys.argv[0])}: {text}")
    sys.exit(code)


def need(commands):
    """Installs what is lacking as root on Debian; elsewhere says what to type, and ends."""
    path = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
    os.environ["PATH"] = path
    lacking = sorted({TOOLS[c] for c in (*commands, "setpriv", "taskset") if not shutil.which(c)})
    if not lacking:
        return
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *lacking]
    if os.geteuid() != 0 or not os.path.exists("/etc/debian_version"):
        die(f"missing: {' '.join(lacking)}; on Debian: sudo {' '.join(command)}")
    say(f"installing {' '.join(lacking)}")
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    # nginx of the package would listen on port 80 of all addresses: it is not started.
    policy = "/usr/sbin/policy-rc.d"
    ours = not os.path.exists(policy)
    if ours:
        with open(policy, "w") as f:
            f.write("#!/bin/sh\nexit 101\n")
        os.chmod(policy, 0o755)
    try:
        subprocess.run(["apt-get", "update", "-q"], env=env, stdout=sys.stderr, timeout=600, check=True)
        subprocess.run(command, env=env, stdout=sys.stderr, timeout=1200, check=True)
    except (subprocess.SubprocessError, OSError) as e:
        die(f"{' '.join(command)}: {e}")
    finally:
        if ours:
            os.unlink(policy)


def start(argv, core=None, **popen):
    """Starts a child on one core. It gets SIGTERM when this process ends, in whatever way."""
    prefix = ["setpriv", "--pdeathsig", "TERM"]
    if core is not None:
        prefix += ["taskset", "-c", str(core)]
    popen.setdefault("stdin", subprocess.DEVNULL)
    child = subprocess.Popen(prefix + argv, **popen)  # both become the command: its process id is this one
    _children.append(child)
    return child


def stop(child, grace=15):
    """SIGTERM, and SIGKILL after grace seconds; to this process id only."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(grace)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if child in _children:
        _children.remove(child)


def run(argv, seconds, core=None, env=None):
    """Runs a child to its end, for at most so many seconds. Gives its code, output and error."""
    child = start(argv, core, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        out, err = child.communicate(timeout=seconds)
        return child.returncode, out, err
    except subprocess.TimeoutExpired:
        return -1, "", f"no end within {seconds} s"
    finally:
        stop(child, 2)
        for pipe in (child.stdout, child.stderr):
            pipe.close()


def _end_children():
    for child in list(_children):
        if child.poll() is None:
            child.terminate()
    for child in list(_children):
        stop(child, 5)


def guard():
    """Ends the children on every exit of this process, signals included, and raises its limits."""
    atexit.register(_end_children)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda n, _: sys.exit(128 + n))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def open_files():
    """How many files one process may have open."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 1 << 20 if limit == resource.RLIM_INFINITY else limit


def free_port():
    with socket.socket() as s:
        s.bind((LOOPBACK, 0))
        return s.getsockname()[1]


def work_folder(given):
    """The folder of titles and of runs, outside the tree."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.abspath(given or os.path.join(base, "sluice-load"))
    if os.path.commonpath([folder, ROOT]) == ROOT:
        die(f"--work: {folder} (expected: a folder outside the tree)", 2)
    os.makedirs(folder, exist_ok=True)
    return folder


def run_folder(work, keep):
    """A folder for this run, which goes with it; what killed runs left behind goes too."""
    for name in os.listdir(work):
        pid = name[4:]
        if name.startswith("run-") and pid.isdigit() and not os.path.exists(f"/proc/{pid}"):
            shutil.rmtree(os.path.join(work, name), ignore_errors=True)
    folder = os.path.join(work, f"run-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    if not keep:
        atexit.register(lambda: (_end_children(), shutil.rmtree(folder, ignore_errors=True)))
    return folder


def cores(server, client):
    """Checks that this process may use both cores."""
    usable = os.sched_getaffinity(0)
    for name, core in (("--server-core", server), ("--client-core", client)):
        if core not in usable:
            die(f"{name}: {core} (expected: one of {sorted(usable)})", 2)
    if server == client:
        die("--client-core: same as --server-core (expected: another one)", 2)


def cpu_seconds(pid):
    """User and system time of all threads of a process, in seconds. The sum of fields 14 and 15 of
    /proc/PID/stat, read from the process's CPU clock, which is not rounded to 10 ms."""
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9


def status_bytes(pid, field):
    """A field of /proc/PID/status that is in kB, such as VmRSS, in bytes; 0 if it has none."""
    return 1024 * status_number(pid, field)


def status_number(pid, field):
    with open(f"/proc/{pid}/status") as f:
        for line in f:
            if line.startswith(field + ":"):
                return int(line.split()[1])
    return 0


def tcp_bytes():
    """Memory of all TCP sockets' buffers, in bytes, from /proc/net/sockstat."""
    with open("/proc/net/sockstat") as f:
        for line in f:
            if line.startswith("TCP:"):
                words = line.split()
                return int(words[words.index("mem") + 1]) * os.sysconf("SC_PAGESIZE")
    return 0
