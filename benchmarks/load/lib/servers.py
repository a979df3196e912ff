"""The servers that are measured: Sluice, and nginx with copies of what Sluice answered."""

import http.client
import grp
import json
import os
import pwd
import re
import shlex
import shutil
import subprocess
import time

import shell

START_SECONDS = 120

# As in bin/sluice: how a bare jar is started.
_JAR_OPTIONS = ("-Xshare:auto", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow")


class Sluice:
    """A Sluice on loopback, on free ports, with a data folder of its own."""

    static = False

    def __init__(self, name, source, java_opts, folder, media, core):
        """source is a tree with bin/sluice, or a jar whose lib folder stands beside it."""
        self.name, self.source, self.java_opts, self.core = name, os.path.abspath(source), java_opts, core
        self.folder, self.media = folder, media
        self.data = os.path.join(folder, "data")
        os.makedirs(self.data)
        self.config = os.path.join(folder, "sluice.yaml")
        with open(self.config, "w") as f:
            # Manifests hold the public URL: a fixed one makes them the same on every port. Nothing asks it.
            f.write('public-url: ["http://localhost", "https://localhost"]\nbind: [127.0.0.1]\n'
                    "max-connections: 20000\nmax-connections-per-address: 20000\n")
        self.child, self.tool_core = None, None

    def build(self):
        """Builds a tree's jars where they are older than its sources, as bin/sluice does."""
        if os.path.isdir(self.source):
            command = [os.path.join(self.source, "bin", "sluice"), "--version"]
            if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=1800).returncode:
                shell.die(f"{command[0]}: the build failed")

    def start(self):
        out = os.path.join(self.folder, "out.log")
        env = dict(os.environ, LC_ALL="C.UTF-8", SLUICE_JAVA_OPTS=self.java_opts)
        if os.path.isdir(self.source):
            command = [os.path.join(self.source, "bin", "sluice")]
        else:
            command = [os.path.join(find_jdk(), "bin", "java"), *_JAR_OPTIONS, *shlex.split(self.java_opts),
                       "-jar", self.source]
        command += ["serve", "--config", self.config, "--media", self.media, "--data", self.data,
                    "--port", "0", "--tls-port", "0", "--admin-port", "0"]
        with open(out, "wb") as stdout, open(os.path.join(self.folder, "err.log"), "ab") as stderr:
            self.child = shell.start(command, self.core, env=env, stdout=stdout, stderr=stderr)
        end = time.monotonic() + START_SECONDS
        while True:
            with open(out) as f:
                ready = re.search(r"^sluice: ready http=(\d+) https=(\d+) admin=(\d+)$", f.read(), re.M)
            if ready:
                break
            if self.child.poll() is not None or time.monotonic() > end:
                shell.die(f"{self.name}: not ready within {START_SECONDS} s\n{self.log()}")
            time.sleep(0.02)
        self.http_port, self.https_port, self.admin_port = map(int, ready.groups())

    @property
    def pid(self):
        return self.child.pid

    def alive(self):
        return self.child is not None and self.child.poll() is None

    def log(self):
        """The end of the log."""
        with open(os.path.join(self.folder, "err.log"), errors="replace") as f:
            return f.read()[-2000:]

    def admin(self, method, path, body=None):
        connection = http.client.HTTPConnection(shell.LOOPBACK, self.admin_port, timeout=60)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def apply(self, documents):
        status, text = self.admin("POST", "/v1", json.dumps(documents))
        if status != 200:
            shell.die(f"{self.name}: documents: {status} {text[:500]}")

    def certificate(self):
        return os.path.join(self.data, "tls-cert.pem"), os.path.join(self.data, "tls-key.pem")

    def take_certificate(self, other):
        """Before the first start: the same certificate as another one's."""
        for file in other.certificate():
            shutil.copy(file, self.data)

    def java_home(self):
        return os.path.dirname(os.path.dirname(os.path.realpath(f"/proc/{self.pid}/exe")))

    def jcmd(self, *command):
        """What jcmd says of the running JVM; empty where it cannot."""
        tool = os.path.join(self.java_home(), "bin", "jcmd")
        if not os.path.exists(tool):
            return ""
        code, out, _ = shell.run([tool, str(self.pid), *command], 60, self.tool_core)
        return out if code == 0 else ""

    def heap_bytes(self):
        """Heap in use, in bytes, garbage included; 0 where it is not known."""
        spaces = [line for line in self.jcmd("GC.heap_info").splitlines() if not re.search("Metaspace|class space", line)]
        return sum(int(n) << {"K": 10, "M": 20}[unit] for n, unit in re.findall(r"used (\d+)([KM])", "\n".join(spaces)))

    def live_bytes(self):
        """The objects of the heap that are in use, in bytes; collects the others first. 0 where it is not known."""
        total = re.search(r"^Total\s+\d+\s+(\d+)", self.jcmd("GC.class_histogram"), re.M)
        return int(total[1]) if total else 0

    def stop(self):
        if self.child:
            shell.stop(self.child)


class Nginx:
    """One worker of nginx with what Sluice answered, as files."""

    static = True

    def __init__(self, name, folder, static_folder, certificate, core):
        self.name, self.folder, self.core = name, folder, core
        self.static_folder, self.certificate = static_folder, certificate
        os.makedirs(folder)
        self.child, self.pid = None, 0

    def start(self):
        self.http_port, self.https_port = shell.free_port(), shell.free_port()
        user = ""
        if os.geteuid() == 0:  # else nginx has the user it was started by
            user = f"user {pwd.getpwuid(0).pw_name} {grp.getgrgid(0).gr_name};"
        files = min(shell.open_files(), 65_536)
        temp = "\n".join(f"  {kind}_temp_path {self.folder}/{kind};"
                         for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(os.path.join(self.folder, "nginx.conf"), "w") as f:
            f.write(f"""
{user} worker_processes 1; daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/err.log warn;
worker_rlimit_nofile {files};
events {{ worker_connections {files // 2}; }}
http {{
  access_log off; sendfile on; tcp_nopush on; output_buffers 2 256k;
  keepalive_requests 1000000000; keepalive_timeout 75s;
  open_file_cache max=10000 inactive=1d; open_file_cache_valid 1d;
  http2_chunk_size 16k;
  types {{ video/mp4 m4s; video/mp2t ts; application/dash+xml mpd; application/vnd.apple.mpegurl m3u8; }}
{temp}
  server {{
    listen {shell.LOOPBACK}:{self.http_port} backlog=4096;
    listen {shell.LOOPBACK}:{self.https_port} ssl http2 backlog=4096;
    ssl_certificate {self.certificate[0]}; ssl_certificate_key {self.certificate[1]};
    ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
    root {self.static_folder};
    location /mpd-gzip/ {{ gzip_static on; gzip_vary on; }}
  }}
}}
""")
        with open(os.path.join(self.folder, "err.log"), "ab") as log:
            self.child = shell.start(["nginx", "-p", self.folder, "-c", f"{self.folder}/nginx.conf"], self.core,
                                     stdout=log, stderr=log)
        end = time.monotonic() + 10
        while not self._worker():
            if self.child.poll() is not None or time.monotonic() > end:
                shell.die(f"nginx: not ready within 10 s\n{self.log()}")
            time.sleep(0.02)
        self.pid = self._worker()

    def _worker(self):
        try:
            with open(f"/proc/{self.child.pid}/task/{self.child.pid}/children") as f:
                return int((f.read().split() or ["0"])[0])
        except OSError:
            return 0

    def alive(self):
        return self.child is not None and self.child.poll() is None and self._worker() == self.pid

    def log(self):
        with open(os.path.join(self.folder, "err.log"), errors="replace") as f:
            return f.read()[-2000:]

    def stop(self):
        if self.child:
            shell.stop(self.child)  # its worker goes with it


def find_jdk():
    """The JDK that bin/sluice takes."""
    script = f'. "{shell.ROOT}/bin/find-jdk"; echo "$JAVA_HOME"'
    code, out, err = shell.run(["sh", "-c", script], 60)
    if code != 0:
        shell.die(err.strip())
    return out.strip()


def base_setup(args, work, run_folder, media, against=None):
    """A running Sluice with the documents, what it serves, and the peer: nginx, or another Sluice."""
    import media as titles

    sluice = Sluice("sluice", args.jar or shell.ROOT, args.java_opts, os.path.join(run_folder, "sluice"), media,
                    args.server_core)
    sluice.tool_core = args.client_core
    sluice.build()
    sluice.start()
    sluice.apply(titles.documents())
    static = os.path.join(run_folder, "static")
    os.makedirs(static)
    found = titles.contents(sluice.http_port, static)
    if against:
        peer = Sluice("other", against, args.against_java_opts, os.path.join(run_folder, "other"), media,
                      args.server_core)
        peer.build()
        peer.take_certificate(sluice)
        peer.start()
        peer.apply(titles.documents())
    else:
        peer = Nginx("nginx", os.path.join(run_folder, "nginx"), static, sluice.certificate(), args.server_core)
        peer.start()
    return sluice, peer, found
