package dev.outmail.delivery.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The bytes of one message while it is written, by one thread.
///
/// Attachments are only noted here; they are encoded when all else is known, straight into an array
/// of the final size. So a message of 10 MB is in memory once, not once more for each time a buffer
/// grew.
final class MessageBytes {
    private final List<Noted> attachments = new ArrayList<>(0);
    private byte[] bytes;
    private int size;

    /// Content whose encoded form comes before the byte at the given place.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Noted(int at, byte[] content) {}

    MessageBytes(int capacity) {
        bytes = new byte[capacity];
    }

    /// How many bytes have been written, noted attachments apart.
    int size() {
        return size;
    }

    void octet(int octet) {
        reserve(1);
        bytes[size++] = (byte) octet;
    }

    void octets(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, size, to - from);
        size += to - from;
    }

    void ascii(String text) {
        ascii(text, 0, text.length());
    }

    /// Printable ASCII, spaces and tabs, and nothing else, so that no value can end a line: that is
    /// for [#endLine()] alone.
    void ascii(String text, int from, int to) {
        reserve(to - from);
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (Characters.isControl(c) || c > '~') {
                throw new IllegalArgumentException(
                        "character " + (int) c + " is not printable ASCII");
            }
            bytes[size++] = (byte) c;
        }
    }

    void utf8(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        octets(utf8, 0, utf8.length);
    }

    void endLine() {
        reserve(2);
        bytes[size++] = '\r';
        bytes[size++] = '\n';
    }

    /// Has the content follow, in lines of base64.
    void base64(byte[] content) {
        attachments.add(new Noted(size, content));
    }

    byte[] toByteArray() {
        long total = size;
        for (var attachment : attachments) {
            total += Base64Lines.length(attachment.content.length);
        }
        byte[] message = new byte[Math.toIntExact(total)];
        int from = 0;
        int to = 0;
        for (var attachment : attachments) {
            System.arraycopy(bytes, from, message, to, attachment.at - from);
            to += attachment.at - from;
            from = attachment.at;
            to = Base64Lines.write(attachment.content, message, to);
        }
        System.arraycopy(bytes, from, message, to, size - from);
        return message;
    }

    private void reserve(int count) {
        if (bytes.length - size < count) {
            int grown = Math.max(Math.addExact(size, count), (int) (bytes.length * 3L / 2));
            bytes = Arrays.copyOf(bytes, grown);
        }
    }
}
