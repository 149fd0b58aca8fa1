"""A full CONNECT client on python3-h2, for tests of the tunnel server. Prints one JSON object."""
import hashlib
import json
import socket
import ssl
import sys

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings

host, port, directory, authority, mode, size = sys.argv[1:7]
size = int(size)
WINDOW = 1 << 20


def connect():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.load_verify_locations(f"{directory}/roots.pem")
    context.load_cert_chain(f"{directory}/chain.pem", f"{directory}/key.pem")
    context.set_alpn_protocols(["h2"])
    raw = socket.create_connection((host, int(port)), timeout=20)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    tls = context.wrap_socket(raw)
    assert tls.selected_alpn_protocol() == "h2"
    return tls


class Client:
    def __init__(self):
        self.tls = connect()
        config = h2.config.H2Configuration(client_side=True, validate_outbound_headers=False, header_encoding="utf-8")
        self.h2 = h2.connection.H2Connection(config)
        self.h2.initiate_connection()
        self.h2.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: WINDOW})
        self.status, self.ended, self.reset, self.hashes, self.received = {}, set(), {}, {}, {}
        self.largest_sent = 0
        self.closed = False
        self.flush()

    def flush(self):
        data = self.h2.data_to_send()
        if data:
            self.tls.sendall(data)

    def pump(self):
        data = self.tls.recv(1 << 18)
        if not data:
            self.closed = True
            return
        for event in self.h2.receive_data(data):
            stream = getattr(event, "stream_id", 0)
            if isinstance(event, h2.events.ResponseReceived):
                self.status[stream] = int(dict(event.headers)[":status"])
            elif isinstance(event, h2.events.DataReceived):
                self.hashes.setdefault(stream, hashlib.sha256()).update(event.data)
                self.received[stream] = self.received.get(stream, 0) + len(event.data)
                self.h2.acknowledge_received_data(event.flow_controlled_length, stream)
            elif isinstance(event, h2.events.StreamEnded):
                self.ended.add(stream)
            elif isinstance(event, h2.events.StreamReset):
                self.reset[stream] = int(event.error_code)
        self.flush()

    def until(self, condition):
        while not condition() and not self.closed:
            self.pump()

    def open(self, headers):
        stream = self.h2.get_next_available_stream_id()
        self.h2.send_headers(stream, headers)
        self.flush()
        return stream

    def connect(self):
        return self.open([(":method", "CONNECT"), (":authority", authority)])

    def send(self, streams, payloads, padding=None):
        """Interleaves the streams, each as far as its window and the frame size let it."""
        offsets = {stream: 0 for stream in streams}
        while offsets:
            moved = False
            for stream in list(offsets):
                payload, offset = payloads[stream], offsets[stream]
                room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size, len(payload) - offset)
                if padding is not None:
                    room = max(0, min(room, self.h2.local_flow_control_window(stream) - padding - 1, self.h2.max_outbound_frame_size - padding - 1))
                if room > 0:
                    self.h2.send_data(stream, payload[offset:offset + room], pad_length=padding)
                    self.largest_sent = max(self.largest_sent, room)
                    offsets[stream] = offset + room
                    moved = True
                if offsets[stream] == len(payload):
                    self.h2.end_stream(stream)
                    del offsets[stream]
                self.flush()
            if not moved and offsets:
                self.pump()


def payload_of(index, length):
    block = hashlib.sha256(str(index).encode()).digest()
    return (block * (length // len(block) + 1))[:length]


def echo(count, padding=None):
    client = Client()
    client.until(lambda: client.h2.remote_settings.max_frame_size > 16384)
    streams = [client.connect() for _ in range(count)]
    client.until(lambda: len(client.status) == count)
    payloads = {stream: payload_of(stream, size) for stream in streams}
    client.send(streams, payloads, padding)
    client.until(lambda: len(client.ended) == count)
    good = sum(client.hashes[s].hexdigest() == hashlib.sha256(payloads[s]).hexdigest() for s in streams)
    return {"good": good, "statuses": sorted(set(client.status.values())), "largestSent": client.largest_sent}


def method(name):
    client = Client()
    stream = client.open([(":method", name), (":scheme", "https"), (":authority", authority), (":path", "/")])
    client.until(lambda: stream in client.status)
    return {"status": client.status.get(stream)}


def reset(code):
    client = Client()
    stream = client.connect()
    client.until(lambda: stream in client.status)
    client.h2.send_data(stream, b"x" * size)
    client.h2.reset_stream(stream, code)
    client.flush()
    again = client.connect()
    client.until(lambda: again in client.status)
    return {"status": client.status.get(again)}


MODES = {
    "echo": lambda: echo(1),
    "many": lambda: echo(50),
    "padded": lambda: echo(1, padding=100),
    "get": lambda: method("GET"),
    "cancel": lambda: reset(h2.errors.ErrorCodes.CANCEL),
}
print(json.dumps(MODES[mode]()))
