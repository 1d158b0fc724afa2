package dev.outmail.delivery;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A message in a file, as a mailer reads it. A file and not a pipe: a mailer that takes what it
/// got when its input ends would send half a message if we died meanwhile, and one that does not
/// read would block who writes (docs/adr/0012-the-mailer-reads-a-file.md).
///
/// Closing it removes its name; a mailer that runs has it open and reads it to its end.
record MailerInput(Path file) implements AutoCloseable {

    /// Writes the message with the line ends of the host, where the system keeps temporary files,
    /// readable by this user only.
    static MailerInput of(byte[] message) throws IOException {
        var input = new MailerInput(Files.createTempFile("outmail-", ".eml"));
        try {
            input.write(message);
            return input;
        } catch (IOException e) {
            input.close();
            throw e;
        }
    }

    /// Not through a channel: an interrupt would close it and look like a full disk.
    private void write(byte[] message) throws IOException {
        try (OutputStream out = new BufferedOutputStream(new FileOutputStream(file.toFile()))) {
            for (int i = 0; i < message.length; i++) {
                boolean lineEnd =
                        message[i] == '\r' && i + 1 < message.length && message[i + 1] == '\n';
                if (!lineEnd) {
                    out.write(message[i]);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
