package dev.outmail.cli;

import dev.outmail.settings.FieldChange;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Revision;
import dev.outmail.settings.SettingsCodec;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// Settings and their history, for people.
final class SettingsView {
    private static final DateTimeFormatter AT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private SettingsView() {}

    static void print(PrintWriter out, ProfileSettings settings, boolean json) {
        if (json) {
            out.println(new String(SettingsCodec.encode(settings), StandardCharsets.UTF_8));
        } else {
            out.println("Profile " + settings.profile() + ", revision " + settings.revision());
            out.println(SettingsCodec.toPrettyJson(settings));
        }
        out.flush();
    }

    static void print(PrintWriter out, Revision revision) {
        var author = revision.author();
        out.println(
                "Profile "
                        + revision.settings().profile()
                        + ", revision "
                        + revision.number()
                        + ", "
                        + AT.format(revision.at())
                        + (author.by().isEmpty() ? "" : ", by " + author.by())
                        + (author.why().isEmpty() ? "" : ": " + author.why()));
        print(out, revision.changes());
    }

    static void print(PrintWriter out, List<FieldChange> changes) {
        if (changes.isEmpty()) {
            out.println("  nothing differs");
        }
        changes.forEach(change -> out.println("  " + change));
        out.flush();
    }
}
