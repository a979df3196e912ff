"""Many readers that each take so many bits a second from one keep-alive connection. Runs as a process of
its own: arguments as one JSON object; prints a JSON line each second, ends with its standard input."""

import json
import os
import select
import socket
import ssl
import sys
import time

SLOTS = 25  # a reader's turns are spread over this many parts of a step
STEP_SECONDS = 0.25
HEAD_MOST = 16 << 10


class Reader:
    """One connection: asks for the next path when it has read the last answer to its end."""

    def __init__(self, number, host, port, paths, receive_buffer, context):
        self.paths, self.at = paths, number
        self.host = f"{host}:{port}"
        self.socket = socket.socket()
        # Small, as the window over a link of this rate is: else the kernel takes a whole segment at once.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(30)
        self.socket.connect((host, port))
        if context:
            self.socket = context.wrap_socket(self.socket)
        self.socket.setblocking(False)
        self.head = bytearray()
        self.left = 0
        self.answers = 0
        self.credit = 0.0
        self.ask()

    def ask(self):
        path = self.paths[self.at % len(self.paths)]
        self.at += 1
        self.socket.send(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
        self.head.clear()
        self.left = -1  # the head is awaited

    def turn(self, credit, buffer):
        """Takes what there is, at most its credit. Gives the count of body bytes; OSError on an error."""
        self.credit = min(self.credit + credit, 2 * credit)  # what was missed long ago is not caught up
        taken = 0
        while self.credit >= 1:
            try:
                n = self.socket.recv_into(buffer, min(len(buffer), int(self.credit)))
            except (BlockingIOError, ssl.SSLWantReadError):
                return taken
            if n == 0:
                raise OSError("the server closed")
            self.credit -= n
            data = buffer[:n]
            if self.left < 0:
                self.head += data
                end = self.head.find(b"\r\n\r\n")
                if end < 0:
                    if len(self.head) > HEAD_MOST:
                        raise OSError("a head without an end")
                    continue
                self.left, n = self.length(bytes(self.head[:end])), len(self.head) - end - 4
            self.left -= n
            taken += n
            if self.left < 0:
                raise OSError("more bytes than Content-Length")
            if self.left == 0:
                self.answers += 1
                self.ask()
        return taken

    @staticmethod
    def length(head):
        lines = head.decode("latin-1").split("\r\n")
        if not lines[0].startswith("HTTP/1.1 200"):
            raise OSError(lines[0])
        for line in lines[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                return int(value)
        raise OSError("no Content-Length")


def main():
    o = json.loads(sys.argv[1])
    context = None
    if o["tls"]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    readers, errors, first = [], 0, ""
    for number in range(o["readers"]):
        try:
            readers.append(Reader(number, o["host"], o["port"], o["paths"], o["receive_buffer"], context))
        except OSError as e:
            errors, first = errors + 1, first or f"connect: {e}"
    credit = o["bits_per_second"] / 8 * STEP_SECONDS
    buffer = memoryview(bytearray(64 << 10))
    slots = [readers[i::SLOTS] for i in range(SLOTS)]
    taken, answers_before, told, slot = 0, 0, time.monotonic(), 0
    next_slot, last = told, told
    while True:
        now = time.monotonic()
        if now < next_slot:
            if select.select([0], [], [], next_slot - now)[0] and not os.read(0, 1):
                return  # nobody listens any more
            now = time.monotonic()
        next_slot += STEP_SECONDS / SLOTS
        late = max(0.0, now - next_slot)
        if late > 1:  # this process had no time: the rate is lower for a while
            next_slot = now
        for reader in list(slots[slot]):
            try:
                taken += reader.turn(credit, buffer)
            except OSError as e:
                errors, first = errors + 1, first or str(e)
                slots[slot].remove(reader)
                answers_before += reader.answers
                reader.socket.close()
        slot = (slot + 1) % SLOTS
        if now - last >= 1:
            alive = [r for s in slots for r in s]
            print(json.dumps({"readers": len(alive), "bytes": taken, "errors": errors, "first_error": first,
                              "answers": answers_before + sum(r.answers for r in alive), "seconds": now - told}), flush=True)
            last = now


main()
