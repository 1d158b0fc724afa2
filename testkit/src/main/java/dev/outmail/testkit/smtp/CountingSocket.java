package dev.outmail.testkit.smtp;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/// The bottom of a connection, below TLS, which counts in how many reads everything came. Each read
/// takes whatever is there. Reads belong to one thread.
final class CountingSocket extends Socket {
    private static final int MOST_AT_ONCE = 64 * 1_024;

    private @Nullable InputStream in;
    private int gulps;

    /// The number of the read that brought what was taken last.
    int gulps() {
        return gulps;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        if (in == null) {
            in = new BufferedInputStream(new Gulps(super.getInputStream()), MOST_AT_ONCE);
        }
        return in;
    }

    private final class Gulps extends FilterInputStream {
        Gulps(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            gulps++;
            return read;
        }
    }

    /// Accepts sockets that count.
    static final class Listener extends ServerSocket {
        /// Listens.
        ///
        /// @param port 0 for any free one
        Listener(int port) throws IOException {
            super(port, 256, InetAddress.getLoopbackAddress());
        }

        @Override
        public CountingSocket accept() throws IOException {
            CountingSocket socket = new CountingSocket();
            implAccept(socket);
            return socket;
        }
    }
}
