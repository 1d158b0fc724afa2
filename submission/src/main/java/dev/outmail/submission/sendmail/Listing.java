package dev.outmail.submission.sendmail;

import dev.outmail.config.SpoolOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What is in the spool, in the form of Postfix's `mailq`, which programs read: at its end `Mail
/// queue is empty` or `-- 12 Kbytes in 3 Requests.` A mail with `!` behind its name is put aside.
public final class Listing {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss", Locale.ROOT);

    private final ZoneId zone;
    private final PrintWriter out;
    private long bytes;
    private int mails;

    private Listing(ZoneId zone, PrintWriter out) {
        this.zone = zone;
        this.out = out;
    }

    /// The user's that this runs as.
    ///
    /// @throws IOException where there is no spool and none can be made
    public static void print(SpoolOptions options, PrintWriter out) throws IOException {
        print(Spool.openFor(options), ZoneId.systemDefault(), out);
    }

    static void print(Spool spool, ZoneId zone, PrintWriter out) throws IOException {
        new Listing(zone, out).print(spool);
        out.flush();
    }

    private void print(Spool spool) throws IOException {
        print(spool, List.of());
        for (var other : spool.others()) {
            print(other, List.of("configuration " + other.configuration()));
        }
        if (mails == 0) {
            out.println("Mail queue is empty");
        } else {
            out.println(
                    "-- %d Kbytes in %d Request%s."
                            .formatted((bytes + 1_023) / 1_024, mails, mails == 1 ? "" : "s"));
        }
    }

    private void print(Spool spool, List<String> said) throws IOException {
        for (var file : spool.files()) {
            print(file, "", said);
        }
        for (var file : spool.failed()) {
            var lines = new ArrayList<>(said);
            lines.addAll(why(file));
            print(file, "!", lines);
        }
    }

    private static List<String> why(Path file) throws IOException {
        var why = Spool.why(file);
        return Files.exists(why) ? Files.readAllLines(why) : List.of();
    }

    private void print(Path file, String mark, List<String> why) throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return; // it was published meanwhile
        }
        if (mails == 0) {
            out.println(
                    "-Queue ID-%s --Size-- ---Arrival Time---- -Sender/Recipient-------"
                            .formatted(" ".repeat(37)));
        }
        mails++;
        bytes += content.length;
        var name = file.getFileName().toString().replaceFirst("\\.mail$", "") + mark;
        var lines = new ArrayList<String>();
        var mail = SpooledMail.read(content);
        out.println(
                "%-47s %8d %s  %s"
                        .formatted(
                                name,
                                content.length,
                                mail.map(m -> TIME.format(m.at().atZone(zone))).orElse("-"),
                                mail.map(SpooledMail::sender).orElse("")));
        why.forEach(line -> lines.add("(" + line + ")"));
        mail.ifPresent(m -> lines.addAll(m.recipients()));
        lines.forEach(line -> out.println(" ".repeat(78) + line));
        out.println();
    }
}
