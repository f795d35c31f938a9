#!/usr/bin/env python3
"""tls_front.py CERTIFICATE KEY PORT: TLS in front of a plain server on this host. Prints its own port and process id."""
import os
import socket
import ssl
import sys
import threading


def copy(source, target):
    try:
        while block := source.recv(65536):
            target.sendall(block)
    except OSError:
        pass


def serve(plain, context, port):
    try:
        with context.wrap_socket(plain, server_side=True) as client, socket.create_connection(("127.0.0.1", port)) as server:
            threading.Thread(target=copy, args=(client, server), daemon=True).start()
            copy(server, client)
    except OSError:  # who does not trust the certificate hangs up
        plain.close()


def main():
    certificate, key, port = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], os.getpid(), flush=True)
        while True:
            threading.Thread(target=serve, args=(listening.accept()[0], context, int(port)), daemon=True).start()


if __name__ == "__main__":
    main()
