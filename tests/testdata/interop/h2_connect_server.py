"""A CONNECT server on python3-h2, for tests of the tunnel client: prints its port, serves one connection, prints one JSON object."""
import json
import socket
import ssl
import sys

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

directory, mode = sys.argv[1:3]

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.minimum_version = ssl.TLSVersion.TLSv1_3
context.verify_mode = ssl.CERT_REQUIRED
context.load_verify_locations(f"{directory}/roots.pem")
context.load_cert_chain(f"{directory}/chain.pem", f"{directory}/key.pem")
context.set_alpn_protocols(["h2"])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
raw, _ = listener.accept()
raw.settimeout(20)
raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
tls = context.wrap_socket(raw, server_side=True)
uris = [value for kind, value in tls.getpeercert()["subjectAltName"] if kind == "URI"]

config = h2.config.H2Configuration(client_side=False, validate_inbound_headers=False, header_encoding="utf-8")
connection = h2.connection.H2Connection(config)
SMALL_WINDOW = 20_000
connection.initiate_connection()
if mode == "smallwindow":
    connection.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: SMALL_WINDOW})
else:
    connection.update_settings({h2.settings.SettingCodes.MAX_FRAME_SIZE: 1 << 20})
tls.sendall(connection.data_to_send())

waiting, ending, report = {}, set(), {"uris": uris, "requests": [], "resets": [], "largestSent": 0, "terminated": False}


def echo(stream):
    """Sends back what waits, as far as windows and frame size allow."""
    padding = 50 if mode == "padded" else None
    if mode == "bigframes" and stream not in ending:
        return
    while waiting.get(stream):
        room = min(connection.local_flow_control_window(stream), connection.max_outbound_frame_size) - (51 if padding else 0)
        if room <= 0:
            return
        part = bytes(waiting[stream][:room])
        del waiting[stream][:room]
        connection.send_data(stream, part, pad_length=padding)
        report["largestSent"] = max(report["largestSent"], len(part))
    if stream in ending:
        ending.discard(stream)
        connection.end_stream(stream)


def on_request(event):
    headers = dict(event.headers)
    report["requests"].append(headers)
    if mode == "refuse":
        connection.send_headers(event.stream_id, [(":status", "503")], end_stream=True)
        return
    waiting[event.stream_id] = bytearray()
    connection.send_headers(event.stream_id, [(":status", "200"), ("baggage", "k8s.cluster.name=test")])


def on_data(event):
    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
    if mode == "reset":
        connection.reset_stream(event.stream_id, h2.errors.ErrorCodes.INTERNAL_ERROR)
        waiting.pop(event.stream_id, None)
        return
    if mode == "goaway" and not report.get("saidGoAway"):
        report["saidGoAway"] = True
        # python3-h2 refuses to go on after its own close_connection, so the frame is made by hand.
        tls.sendall(connection.data_to_send())
        tls.sendall(b"\x00\x00\x08\x07\x00\x00\x00\x00\x00" + event.stream_id.to_bytes(4, "big") + b"\x00\x00\x00\x00")
    waiting[event.stream_id] += event.data


def serve():
    while True:
        data = tls.recv(1 << 18)
        if not data:
            return
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                on_request(event)
            elif isinstance(event, h2.events.DataReceived):
                on_data(event)
            elif isinstance(event, h2.events.StreamEnded):
                ending.add(event.stream_id)
            elif isinstance(event, h2.events.StreamReset):
                report["resets"].append([event.stream_id, int(event.error_code)])
                waiting.pop(event.stream_id, None)
                ending.discard(event.stream_id)
            elif isinstance(event, h2.events.ConnectionTerminated):
                report["terminated"] = True
        for stream in list(waiting):
            echo(stream)
        tls.sendall(connection.data_to_send())


try:
    serve()
except (ssl.SSLError, ConnectionError, h2.exceptions.ProtocolError) as error:
    report["error"] = repr(error)
print(json.dumps(report))
