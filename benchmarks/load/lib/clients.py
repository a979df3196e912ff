"""Load and its figures: wrk for HTTP/1.1, h2load for HTTP/2 and for so many requests, curl for the
first byte."""

import json
import os
import re
import socket
import threading

import shell
import stats

HTTP, TLS, H2 = "http", "tls", "h2"
NO_ANSWER = "no answer ended"
CIPHER = "TLS_AES_128_GCM_SHA256"
_TIMEOUT_SECONDS = 60
_ERRORS = ("connect", "read", "write", "status", "timeout")

_LUA = """
local paths = { %s }
local requests, at = {}, 0
init = function(args)
  for name, value in pairs({ %s }) do wrk.headers[name] = value end
  for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path) end
end
request = function()
  at = at %% #requests + 1
  return requests[at]
end
done = function(summary, latency, _)
  local e = summary.errors
  io.write(string.format('\\nJSON{"requests":%%d,"bytes":%%d,"us":%%d,"p50_us":%%d,"p99_us":%%d,' ..
    '"connect":%%d,"read":%%d,"write":%%d,"status":%%d,"timeout":%%d}\\n', summary.requests, summary.bytes,
    summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect, e.read, e.write, e.status, e.timeout))
end
"""


class Clients:
    """Where the load comes from: one core."""

    def __init__(self, folder, core):
        self.folder, self.core = folder, core
        self.rates = {}  # of HTTP/2, requests a second
        os.makedirs(folder, exist_ok=True)
        # For wrk and curl, which have no option for it: nothing but TLS 1.3 with AES-128-GCM is offered.
        conf = os.path.join(folder, "openssl.cnf")
        with open(conf, "w") as f:
            f.write("openssl_conf = top\n[top]\nssl_conf = modules\n[modules]\nsystem_default = tls\n"
                    f"[tls]\nMinProtocol = TLSv1.3\nMaxProtocol = TLSv1.3\nCiphersuites = {CIPHER}\n")
        self.env = dict(os.environ, OPENSSL_CONF=conf)
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            self.env.pop(name, None)

    def _base(self, server, transport):
        if transport == HTTP:
            return f"http://{shell.LOOPBACK}:{server.http_port}"
        return f"https://{shell.LOOPBACK}:{server.https_port}"

    def load(self, server, content, transport, connections, seconds):
        """Load for so many seconds. Gives requests, bytes, seconds, p50 and p99 in ms, and errors."""
        if transport == H2:
            return self._load_h2(server, content, connections, seconds)
        return self.wait(self.begin(server, content, transport, connections, seconds), seconds)

    def begin(self, server, content, transport, connections, seconds):
        """Starts wrk, for load beside something else. End it with wait."""
        script = os.path.join(self.folder, f"{server.name}-{content.name}.lua")
        with open(script, "w") as f:
            paths = ", ".join(json.dumps(p) for p in content.paths(server.static))
            headers = ", ".join(f"[{json.dumps(k)}] = {json.dumps(v)}" for k, v in content.headers.items())
            f.write(_LUA % (paths, headers))
        # A first reading of the script wants a path: the base has none.
        return shell.start(
            ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", f"--timeout={_TIMEOUT_SECONDS}s",
             "--latency", "-s", script, self._base(server, transport) + "/"],
            self.core, env=self.env, stdout=-1, stderr=-1, text=True)

    def wait(self, child, seconds):
        try:
            out, err = child.communicate(timeout=seconds + 2 * _TIMEOUT_SECONDS)
        except Exception as e:  # a timeout, or an output that is no text
            return {"errors": f"wrk: {e}"}
        finally:
            shell.stop(child, 2)
        found = re.search(r"^JSON(\{.*\})$", out, re.M)
        if not found:
            return {"errors": f"wrk: {(err or out).strip()[-300:]}"}
        o = json.loads(found[1])
        errors = ", ".join(f"{o[k]} {k}" for k in _ERRORS if o[k])
        if not o["requests"]:
            errors = errors or NO_ANSWER
        return {"requests": o["requests"], "bytes": o["bytes"], "seconds": o["us"] / 1e6,
                "p50_ms": o["p50_us"] / 1e3, "p99_ms": o["p99_us"] / 1e3, "errors": errors}

    def _load_h2(self, server, content, connections, seconds):
        """As many requests as the last window's rate makes of the seconds. h2load can be given seconds as
        well, but goes on for ever where a connection is made only after them."""
        key = (server.name, content.name, connections)
        if key not in self.rates:
            got = self.count(server, content, H2, connections, 100)
            if got["errors"]:
                return got
            self.rates[key] = got["requests"] / got["seconds"]
        # The same number for each connection.
        requests = connections * max(1, round(self.rates[key] * seconds / connections))
        got = self.count(server, content, H2, connections, requests, seconds)
        if not got["errors"]:
            self.rates[key] = got["requests"] / got["seconds"]
        return got

    def count(self, server, content, transport, connections, requests, seconds=_TIMEOUT_SECONDS):
        """So many requests and no more, at least one a connection. Gives the same as load."""
        uris = os.path.join(self.folder, f"{server.name}-{content.name}.uris")
        with open(uris, "w") as f:
            f.writelines(f"{p}\n" for p in content.paths(server.static))
        log = os.path.join(self.folder, "h2load.log")
        if os.path.exists(log):
            os.unlink(log)
        command = ["h2load", "-t1", "-m1", f"-c{connections}", f"-n{max(requests, connections)}", "-w24", "-W24", f"--log-file={log}",
                   f"--tls13-ciphers={CIPHER}", "-i", uris, "-B", self._base(server, transport)]
        if transport != H2:
            command.insert(1, "--h1")
        for name, value in content.headers.items():
            command += ["-H", f"{name}: {value}"]
        code, out, err = shell.run(command, 4 * seconds + _TIMEOUT_SECONDS, self.core, self.env)
        done = re.search(r"^requests: .* (\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", out, re.M)
        time = re.search(r"^finished in ([\d.]+)(us|ms|s|m)", out, re.M)
        traffic = re.search(r"^traffic: \S+ \((\d+)\) total", out, re.M)
        if code or not (done and time and traffic):
            return {"errors": f"h2load: {(err or out).strip()[-300:]}"}
        if transport != HTTP and f"Cipher: {CIPHER}" not in out:
            return {"errors": f"h2load: another cipher than {CIPHER}"}
        if transport == H2 and "Application protocol: h2" not in out:
            return {"errors": "h2load: h2 was not negotiated"}
        with open(log) as f:
            rows = [line.split("\t") for line in f]
        wrong = sum(row[1] != "200" for row in rows)
        ms = sorted(int(row[2]) / 1e3 for row in rows)
        numbers = [int(n) for n in done.groups()]
        errors = ", ".join(f"{n} {k}" for n, k in zip([*numbers[2:], wrong], ("failed", "errored", "timeout", "status")) if n)
        if not ms:
            errors = errors or NO_ANSWER
        return {"requests": numbers[0], "bytes": int(traffic[1]),
                "seconds": float(time[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60}[time[2]],
                "p50_ms": stats.percentile(ms, 50), "p99_ms": stats.percentile(ms, 99), "errors": errors}

    def first_byte(self, server, content, transport, paths=None):
        """One request after another over one connection. Gives the medians of the times from the request
        to its answer's first byte and to its last, in ms."""
        paths = paths or content.paths(server.static)
        args = []
        for path in paths:
            args += ["-o", "/dev/null", self._base(server, transport) + path]
        command = ["curl", "-sgk", "--http2" if transport == H2 else "--http1.1", "--noproxy", "*", "--max-time", "60",
                   "-w", "%{http_version} %{http_code} %{time_pretransfer} %{time_starttransfer} %{time_total}\\n"]
        for name, value in content.headers.items():
            command += ["-H", f"{name}: {value}"]
        code, out, err = shell.run(command + args, 120, self.core, self.env)
        rows = [line.split() for line in out.splitlines()]
        version = "2" if transport == H2 else "1.1"
        if code or len(rows) != len(paths) or any(row[0] != version or row[1] != "200" for row in rows):
            return {"errors": f"curl: {code} {err.strip()[-200:]} {out[-200:]}"}
        # The first one has the connection's start and a page cache's misses in it.
        rows = rows[1:] or rows
        return {"first_byte_ms": stats.median([1e3 * (float(r[3]) - float(r[2])) for r in rows]),
                "last_byte_ms": stats.median([1e3 * (float(r[4]) - float(r[2])) for r in rows])}

    def check_ciphers(self, servers):
        """Makes sure that AES-128-GCM is all that wrk offers, and what each server takes."""
        offered = self._offered_by_wrk()
        if offered != [0x1301]:
            shell.die(f"wrk offers the cipher suites {[hex(s) for s in offered]} (expected: 0x1301 alone)")
        for server in servers:
            code, out, err = shell.run(
                ["openssl", "s_client", "-connect", f"{shell.LOOPBACK}:{server.https_port}", "-brief"], 30, self.core, self.env)
            text = out + err
            if "Protocol version: TLSv1.3" not in text or f"Ciphersuite: {CIPHER}" not in text:
                shell.die(f"{server.name}: {text.strip()[-400:]} (expected: TLS 1.3 with {CIPHER})")

    def _offered_by_wrk(self):
        """The cipher suites of wrk's hello to TLS, but for the one that means renegotiation."""
        hello = []

        def take(listener):
            while not hello:  # wrk's first connection only tries whether somebody listens
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(10)
                    data = b""
                    while len(data) < 5 or len(data) < 5 + int.from_bytes(data[3:5], "big"):
                        piece = connection.recv(65536)
                        if not piece:
                            break
                        data += piece
                if data:
                    hello.append(data)

        with socket.create_server((shell.LOOPBACK, 0)) as listener:
            listener.settimeout(20)
            thread = threading.Thread(target=take, args=(listener,), daemon=True)
            thread.start()
            shell.run(["wrk", "-t1", "-c1", "-d1s", f"https://{shell.LOOPBACK}:{listener.getsockname()[1]}/"],
                      30, self.core, self.env)
            thread.join(20)
        if not hello or len(hello[0]) < 46:
            return []
        at = 43  # behind the record's and the message's head, the version and the random
        at += 1 + hello[0][at]
        end = at + 2 + int.from_bytes(hello[0][at:at + 2], "big")
        suites = [int.from_bytes(hello[0][i:i + 2], "big") for i in range(at + 2, end, 2)]
        return [s for s in suites if s != 0x00FF]
