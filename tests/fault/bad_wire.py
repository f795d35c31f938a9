"""A TCP relay that does what bad networks do, to each link on its own: delays, throttles, goes silent in one direction or both, breaks off."""
import asyncio
import threading

from groove import free_port


class BadWire:
    """Relays a port of its own to `target` (host, port). The faults are fields that may be set at any time from any thread."""

    def __init__(self, target):
        self.target, self.port = target, free_port()
        self.delay_s = 0.0
        self.bytes_per_s = 0  # 0: as many as come
        self.silent = set()  # directions: "there", "back"
        self.loop = asyncio.new_event_loop()
        self.writers = set()
        started = threading.Event()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        started.wait()

    def heal(self):
        self.delay_s, self.bytes_per_s, self.silent = 0.0, 0, set()

    def break_off(self):
        """Resets every connection, as a firewall that was restarted would."""
        self.loop.call_soon_threadsafe(self._abort_all)

    def _abort_all(self):
        for writer in list(self.writers):
            writer.transport.abort()

    def _run(self, started):
        asyncio.set_event_loop(self.loop)

        async def serve():
            await asyncio.start_server(self._relay, "127.0.0.1", self.port)
            started.set()
        self.loop.create_task(serve())
        self.loop.run_forever()

    async def _relay(self, reader, writer):
        try:
            there_reader, there_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        self.writers |= {writer, there_writer}
        await asyncio.gather(self._pump("there", reader, there_writer), self._pump("back", there_reader, writer))
        self.writers -= {writer, there_writer}

    async def _pump(self, direction, reader, writer):
        try:
            while data := await reader.read(4096):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if self.bytes_per_s:
                    await asyncio.sleep(len(data) / self.bytes_per_s)
                while direction in self.silent:  # half-open: the bytes are taken, and go on when the wire is healed
                    await asyncio.sleep(0.02)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.transport.abort()
