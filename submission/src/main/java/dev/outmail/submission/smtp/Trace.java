package dev.outmail.submission.smtp;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// What is known of a mail's last step, for the field by which its way can be followed (RFC 5321
/// §4.4).
///
/// @param helo what the client calls itself; not believed, but for its characters
/// @param protocol as registered (RFC 3848), such as `ESMTPSA`
record Trace(String helo, InetAddress client, String host, String protocol, Instant at) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final byte[] RECEIVED = "received:".getBytes(StandardCharsets.US_ASCII);

    private static final String NAME = "[A-Za-z0-9._-]{1,255}|\\[[A-Za-z0-9.:]{1,64}]";

    String received() {
        return "Received: from "
                + (helo.matches(NAME) ? helo : "unknown")
                + " ("
                + literal(client)
                + ")\r\n\tby "
                + host
                + " (Outmail) with "
                + protocol
                + "; "
                + DATE.format(at)
                + "\r\n";
    }

    private static String literal(InetAddress client) {
        var text = client.getHostAddress().replaceFirst("%.*", "");
        return text.contains(":") ? "[IPv6:" + text + "]" : "[" + text + "]";
    }

    /// How many servers a message says that it went through.
    static int hops(byte[] message) {
        int hops = 0;
        int start = 0;
        while (start < message.length && message[start] != '\r') {
            hops += begins(message, start) ? 1 : 0;
            while (start < message.length && message[start] != '\n') {
                start++;
            }
            start++;
        }
        return hops;
    }

    private static boolean begins(byte[] message, int start) {
        if (message.length - start < RECEIVED.length) {
            return false;
        }
        for (int i = 0; i < RECEIVED.length; i++) {
            if (Character.toLowerCase(message[start + i]) != RECEIVED[i]) {
                return false;
            }
        }
        return true;
    }
}
