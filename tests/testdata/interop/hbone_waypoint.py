"""A waypoint on python3-h2 and asyncio: takes HBONE on port 15008 and passes each CONNECT on by HBONE, under its own identity.

Arguments: the directory of its certificate, then ADDRESS:PORT=ADDRESS:PORT for each service port and the pod that it chooses for it.
It prints a line for every CONNECT: the authority and who asked.
"""
import asyncio
import ssl
import sys

import h2.config
import h2.connection
import h2.events

directory, *choices = sys.argv[1:]
CHOSEN = dict(choice.split("=") for choice in choices)
HBONE_PORT = 15008
READ_SIZE = 1 << 16


def tls(protocol):
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(f"{directory}/roots.pem")
    context.load_cert_chain(f"{directory}/chain.pem", f"{directory}/key.pem")
    context.set_alpn_protocols(["h2"])
    return context


def identity_of(writer):
    names = writer.get_extra_info("ssl_object").getpeercert()["subjectAltName"]
    return next(value for kind, value in names if kind == "URI")


class Tunnel:
    """One HTTP/2 connection, of either role."""

    def __init__(self, reader, writer, is_client):
        self.reader, self.writer = reader, writer
        config = h2.config.H2Configuration(
            client_side=is_client, header_encoding="utf-8", validate_inbound_headers=False, validate_outbound_headers=False)
        self.h2 = h2.connection.H2Connection(config)
        self.received, self.answers = {}, {}
        self.room = asyncio.Event()
        self.h2.initiate_connection()
        self.flush()

    def flush(self):
        self.writer.write(self.h2.data_to_send())

    async def run(self, on_request=None):
        """Serves until the peer is gone; what still waits for data then sees its end."""
        try:
            while data := await self.reader.read(READ_SIZE):
                for event in self.h2.receive_data(data):
                    self.handle(event, on_request)
                self.flush()
        except (ConnectionError, ssl.SSLError):
            pass
        for queue in self.received.values():
            queue.put_nowait(None)
        self.writer.close()

    def handle(self, event, on_request):
        if isinstance(event, h2.events.RequestReceived):
            self.received[event.stream_id] = asyncio.Queue()
            on_request(self, event.stream_id, dict(event.headers))
        elif isinstance(event, h2.events.ResponseReceived):
            self.answers[event.stream_id].set_result(dict(event.headers)[":status"])
        elif isinstance(event, h2.events.DataReceived):
            self.received[event.stream_id].put_nowait(event)
        elif isinstance(event, (h2.events.StreamEnded, h2.events.StreamReset)):
            self.received[event.stream_id].put_nowait(None)
        elif isinstance(event, (h2.events.WindowUpdated, h2.events.RemoteSettingsChanged)):
            self.room.set()

    async def connect(self, authority):
        stream = self.h2.get_next_available_stream_id()
        self.received[stream], self.answers[stream] = asyncio.Queue(), asyncio.get_running_loop().create_future()
        self.h2.send_headers(stream, [(":method", "CONNECT"), (":authority", authority)])
        self.flush()
        return stream, await self.answers[stream]

    async def receive(self, stream):
        event = await self.received[stream].get()
        if event is None:
            return None
        self.h2.acknowledge_received_data(event.flow_controlled_length, stream)
        self.flush()
        return event.data

    async def send(self, stream, data):
        while data:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if room <= 0:
                self.room.clear()
                await self.room.wait()
                continue
            self.h2.send_data(stream, data[:room])
            self.flush()
            await self.writer.drain()
            data = data[room:]

    def end(self, stream):
        self.h2.end_stream(stream)
        self.flush()


async def pump(source, source_stream, target, target_stream):
    while (data := await source.receive(source_stream)) is not None:
        await target.send(target_stream, data)
    target.end(target_stream)


async def pass_on(down, stream, authority):
    target = CHOSEN.get(authority, authority)
    host = target.rsplit(":", 1)[0].strip("[]")
    up = Tunnel(*await asyncio.open_connection(host, HBONE_PORT, ssl=tls(ssl.PROTOCOL_TLS_CLIENT)), is_client=True)
    running = asyncio.ensure_future(up.run())
    up_stream, status = await up.connect(target)
    down.h2.send_headers(stream, [(":status", status)], end_stream=status != "200")
    down.flush()
    if status == "200":
        await asyncio.gather(pump(down, stream, up, up_stream), pump(up, up_stream, down, stream))
    up.writer.close()
    await running


async def serve(reader, writer):
    tasks = []
    caller = identity_of(writer)

    def on_request(down, stream, headers):
        print(f"CONNECT {headers[':authority']} from {caller}", flush=True)
        tasks.append(asyncio.ensure_future(pass_on(down, stream, headers[":authority"])))

    await Tunnel(reader, writer, is_client=False).run(on_request)
    await asyncio.gather(*tasks, return_exceptions=True)


async def main():
    server = await asyncio.start_server(serve, None, HBONE_PORT, ssl=tls(ssl.PROTOCOL_TLS_SERVER))
    async with server:
        await server.serve_forever()


asyncio.run(main())
