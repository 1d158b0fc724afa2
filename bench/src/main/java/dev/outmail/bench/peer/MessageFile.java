package dev.outmail.bench.peer;

import dev.outmail.bench.letter.LetterSize;
import dev.outmail.delivery.mime.MimeMessageWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/// A message as Outmail writes it, in a file for smtp-source.
public final class MessageFile {
    private MessageFile() {}

    /// Writes it with the line ends of files, which smtp-source makes those of SMTP.
    public static Path write(LetterSize size, Path folder) throws IOException {
        var event = Events.event(size.letter(1));
        var from = Objects.requireNonNull(event.addressing().from());
        var bytes = MimeMessageWriter.write(event, from, Instant.EPOCH).bytes();
        var text = new String(bytes, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        return Files.writeString(folder.resolve(size + ".eml"), text, StandardCharsets.ISO_8859_1);
    }
}
