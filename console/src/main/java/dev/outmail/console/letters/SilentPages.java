package dev.outmail.console.letters;

import dev.outmail.console.log.MailingLog;
import dev.outmail.console.log.MailingLog.SilentEntry;
import dev.outmail.console.settings.Site;
import dev.outmail.console.web.Frame;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.deadletters.SilentMail;
import dev.outmail.deadletters.SilentMail.Silenced;
import dev.outmail.settings.Connection;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The release of mail that was silenced: chosen, looked at before, and not many at a time.
public final class SilentPages implements Pages {
    private final Site site;
    private final MailingLog mailingLog;
    private final SilentMail silentMail;

    public SilentPages(Site site, MailingLog mailingLog, InstantSource clock) {
        this.site = site;
        this.mailingLog = mailingLog;
        this.silentMail =
                new SilentMail(
                        site.clients(),
                        site.deployment().topics(),
                        site.deployment().limits(),
                        clock);
    }

    /// @param still profiles that would silence or drop their mails again
    /// @param recipients of all of them, each once
    record PreviewPage(
            Frame frame, List<SilentEntry> entries, List<String> still, List<String> recipients) {
        boolean isTooMuch() {
            return entries.size() > SilentMail.MOST;
        }

        int most() {
            return SilentMail.MOST;
        }
    }

    record Line(SilentEntry entry, String words) {}

    record ReleasedPage(Frame frame, List<Line> lines) {}

    @Override
    public void serve(RoutesConfig routes) {
        routes.get("/log/release", this::preview, Role.OPERATOR);
        routes.post("/log/release", this::release, Role.OPERATOR);
    }

    private List<SilentEntry> chosen(List<String> ids) {
        var chosen = new LinkedHashMap<Silenced, SilentEntry>();
        for (var id : ids) {
            if (id.matches("\\d{1,18}")) {
                mailingLog
                        .silenced(Long.parseLong(id))
                        .ifPresent(entry -> chosen.put(entry.mail(), entry));
            }
        }
        if (chosen.isEmpty()) {
            throw new BadRequestResponse("No silenced mail is chosen.");
        }
        return List.copyOf(chosen.values());
    }

    private List<String> still(List<SilentEntry> entries) {
        var still = new TreeSet<String>();
        for (var entry : entries) {
            switch (site.connection(entry.profile())) {
                case Connection.Disabled disabled -> still.add(entry.profile() + " is Disabled");
                case Connection.Silent silent -> still.add(entry.profile() + " is Silent");
                case Connection.NativeMailer mailer -> {}
                case Connection.SmtpServer server -> {}
            }
        }
        return List.copyOf(still);
    }

    private void preview(Context context) {
        var entries = chosen(context.queryParams("id"));
        var recipients = new TreeSet<String>();
        entries.forEach(entry -> recipients.addAll(List.of(entry.recipients().split(" "))));
        site.views()
                .show(
                        context,
                        "letters/preview.jte",
                        new PreviewPage(
                                Frame.of(context, "Release silent mail"),
                                entries,
                                still(entries),
                                List.copyOf(recipients)));
    }

    private void release(Context context) {
        var entries = chosen(context.formParams("id"));
        if (entries.size() > SilentMail.MOST) {
            throw new BadRequestResponse("At most " + SilentMail.MOST + " at once.");
        }
        if (!still(entries).isEmpty()) {
            throw new BadRequestResponse(
                    "They would be silenced or dropped again: "
                            + String.join(", ", still(entries)));
        }
        for (var entry : entries) {
            site.audit().record(context, "silent.release", entry.name(), entry.recipients());
        }
        Map<Silenced, SilentEntry> byMail = new LinkedHashMap<>();
        entries.forEach(entry -> byMail.put(entry.mail(), entry));
        var lines = new ArrayList<Line>();
        silentMail
                .release(byMail.keySet())
                .forEach((mail, result) -> {
                    var entry = byMail.get(mail);
                    if (entry != null) {
                        lines.add(new Line(entry, LetterOffice.words(result)));
                    }
                });
        site.views()
                .show(
                        context,
                        "letters/released.jte",
                        new ReleasedPage(Frame.of(context, "Released"), lines));
    }
}
