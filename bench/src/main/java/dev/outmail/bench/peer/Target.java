package dev.outmail.bench.peer;

import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;

/// Where a peer sends to.
///
/// @param connections at most this many at a time
/// @param kafka bootstrap servers of a broker; empty where the peer needs none
public record Target(String host, int port, int connections, String kafka) {

    /// The server as Outmail's settings name it.
    public SmtpServer server() {
        return new SmtpServer(host, port, Security.NONE, null, connections, null);
    }
}
