package dev.outmail.console.settings;

import dev.outmail.console.settings.SettingsForm.Checked;
import dev.outmail.console.web.Frame;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.console.web.Visitor;
import dev.outmail.delivery.WhatIf;
import dev.outmail.fleet.Applied;
import dev.outmail.kafka.TopicReader;
import dev.outmail.settings.Authorship;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Revision;
import dev.outmail.settings.SenderWarnings;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.settings.SettingsStore.Saved;
import dev.outmail.wire.EventCodec;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The settings of a profile: shown, changed, saved, and followed until the fleet goes by them.
public final class OutgoingMailPages implements Pages {
    private static final String PROFILE = "[A-Za-z0-9._-]{1,100}";
    private static final Duration LOOKING_BACK = Duration.ofDays(1);
    private static final Duration READ_BACK = Duration.ofSeconds(10);
    private static final Duration WORTH_FOLLOWING = Duration.ofSeconds(30);

    private final Site site;

    public OutgoingMailPages(Site site) {
        this.site = site;
    }

    /// @param base the revision that a save is based on; 0 where nothing was saved
    /// @param restored the revision whose values the form has; 0 for the current ones
    /// @param follow what was just saved; null where nothing was
    /// @param storedPassword what is known of the password that there is; empty for none
    record SettingsPage(
            Frame frame,
            SettingsForm form,
            List<String> profiles,
            long base,
            long restored,
            LockNotes locks,
            @Nullable FollowPart follow,
            String storedPassword,
            boolean mayEdit) {
        String profile() {
            return form.profile();
        }

        boolean isReadOnly(String field) {
            return !mayEdit || locks.isLocked(field);
        }
    }

    /// @param problems by field
    /// @param current the revision that stands now
    record ReviewPart(
            Map<String, String> problems,
            List<Change> changes,
            List<String> warnings,
            long base,
            long current) {}

    /// @param millis from the save until the last worker said that it goes by it
    record FollowPart(
            String profile,
            long revision,
            long savedAt,
            List<String> by,
            List<String> laggards,
            long millis,
            boolean goesOn) {
        int all() {
            return by.size() + laggards.size();
        }
    }

    /// @param meanwhile what was saved since the form was opened
    record ConflictPart(long base, long current, List<Revision> meanwhile) {}

    record TroublePart(Map<String, String> problems) {}

    @Override
    public void serve(RoutesConfig routes) {
        routes.get("/settings", this::open, Role.VIEWER);
        routes.get("/settings/{profile}", this::show, Role.VIEWER);
        routes.post("/settings/{profile}/review", this::review, Role.ADMIN);
        routes.post("/settings/{profile}/save", this::save, Role.ADMIN);
        routes.post("/settings/{profile}/what-if", this::whatIf, Role.ADMIN);
        routes.get("/settings/{profile}/applied", this::applied, Role.VIEWER);
    }

    private void open(Context context) {
        var named = context.queryParam("profile");
        var profiles = site.profiles();
        context.redirect(
                "/settings/"
                        + (named != null && named.matches(PROFILE)
                                ? named
                                : profiles.isEmpty() ? "default" : profiles.getFirst()));
    }

    static String profile(Context context) {
        var profile = context.pathParam("profile");
        if (!profile.matches(PROFILE)) {
            throw new NotFoundResponse("There is no such profile.");
        }
        return profile;
    }

    private void show(Context context) {
        var profile = profile(context);
        var mayEdit = Visitor.of(context).mayAdminister();
        long restored = mayEdit ? number(context.queryParam("restore")) : 0;
        var shown = restored == 0 ? site.saved(profile) : revision(profile, restored);
        var saved = number(context.queryParam("saved"));
        site.views()
                .show(
                        context,
                        "settings/outgoing.jte",
                        new SettingsPage(
                                Frame.of(context, "Outgoing mail"),
                                SettingsForm.of(shown),
                                site.profiles(),
                                site.revision(profile),
                                restored,
                                LockNotes.of(
                                        profile,
                                        site.deployment().locks(),
                                        site.fleet().fleet().alive()),
                                saved == 0
                                        ? null
                                        : follow(profile, saved, number(context.queryParam("at"))),
                                StoredPassword.of(shown.settings()),
                                mayEdit));
    }

    private ProfileSettings revision(String profile, long number) {
        return site.store().history().stream()
                .map(Revision::settings)
                .filter(r -> r.profile().equals(profile) && r.revision() == number)
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new NotFoundResponse("There is no such revision."));
    }

    static long number(@Nullable String written) {
        return written != null && written.matches("\\d{1,18}") ? Long.parseLong(written) : 0;
    }

    /// The settings whose values the form began with, and whose password counts where it says so.
    private ProfileSettings before(Context context, String profile) {
        long restored = number(context.formParam("restored"));
        return restored == 0 ? site.saved(profile) : revision(profile, restored);
    }

    /// What was typed in, whatever is locked.
    Checked typed(Context context, String profile) {
        var before = before(context, profile);
        return SettingsForm.posted(before, context.formParamMap())
                .checked(before.settings(), site.seals());
    }

    /// What was said of the password.
    PasswordEntry password(Context context, String profile) {
        return SettingsForm.posted(site.saved(profile), context.formParamMap()).password();
    }

    private Checked checked(Context context, String profile) {
        return switch (typed(context, profile)) {
            case Checked.Wrong wrong -> wrong;
            case Checked.Ok ok -> heeded(profile, ok.settings());
        };
    }

    /// Who is told that something was saved, and goes on as before, does not believe it again.
    private Checked heeded(String profile, Settings changed) {
        var locks = site.deployment().locks();
        var problems = new TreeMap<String, String>();
        try {
            for (var field : locks.undone(profile, site.saved(profile).settings(), changed)) {
                problems.put(field, "is locked here and stays " + locks.fields(profile).get(field));
            }
        } catch (IllegalArgumentException e) {
            problems.put("settings", String.valueOf(e.getMessage()));
        }
        return problems.isEmpty() ? new Checked.Ok(changed) : new Checked.Wrong(problems);
    }

    private void review(Context context) {
        var profile = profile(context);
        var current = site.saved(profile);
        long base = number(context.formParam("base"));
        site.views()
                .show(
                        context,
                        "settings/review.jte",
                        switch (checked(context, profile)) {
                            case Checked.Wrong wrong ->
                                    new ReviewPart(
                                            wrong.problems(),
                                            List.of(),
                                            List.of(),
                                            base,
                                            site.revision(profile));
                            case Checked.Ok ok ->
                                    new ReviewPart(
                                            Map.of(),
                                            Change.between(current.settings(), ok.settings()),
                                            warnings(profile, ok.settings()),
                                            base,
                                            site.revision(profile));
                        });
    }

    private List<String> warnings(String profile, Settings changed) {
        return SenderWarnings.of(new ProfileSettings(profile, 1, changed), site.tail().snapshot());
    }

    private void save(Context context) throws InterruptedException {
        var profile = profile(context);
        switch (checked(context, profile)) {
            case Checked.Wrong wrong -> {
                context.status(422);
                site.views()
                        .show(context, "settings/trouble.jte", new TroublePart(wrong.problems()));
            }
            case Checked.Ok ok -> save(context, profile, ok.settings());
        }
    }

    private void save(Context context, String profile, Settings changed)
            throws InterruptedException {
        var base = context.formParam("base");
        if (base == null || !base.matches("\\d{1,18}")) {
            throw new BadRequestResponse("Which revision is this based on?");
        }
        var why = Objects.requireNonNullElse(context.formParam("why"), "");
        site.audit().record(context, "settings.save", profile, "based on revision " + base);
        var author = new Authorship(Visitor.of(context).name(), why(context, why));
        switch (site.store().save(profile, Long.parseLong(base), author, before -> changed)) {
            case Saved.Ok ok -> {
                var at = site.store().awaitReadable(ok.settings());
                long revision = ok.settings().revision();
                if (!site.tail().awaitRevision(profile, revision, READ_BACK)) {
                    throw new IllegalStateException("what was saved is not read back");
                }
                context.header(
                        "HX-Redirect",
                        "/settings/" + profile + "?saved=" + revision + "&at=" + at.toEpochMilli());
            }
            case Saved.Conflict conflict -> conflict(context, profile, Long.parseLong(base));
        }
    }

    private static String why(Context context, String why) {
        long restored = number(context.formParam("restored"));
        return restored == 0
                ? why
                : "restored revision " + restored + (why.isBlank() ? "" : ": " + why);
    }

    private void conflict(Context context, String profile, long base) {
        var meanwhile =
                site.store().history().stream()
                        .filter(r -> r.settings().profile().equals(profile) && r.number() > base)
                        .toList();
        long current = meanwhile.isEmpty() ? 0 : meanwhile.getLast().number();
        context.status(409);
        site.views()
                .show(context, "settings/conflict.jte", new ConflictPart(base, current, meanwhile));
    }

    private void whatIf(Context context) {
        var profile = profile(context);
        site.views()
                .show(
                        context,
                        "settings/whatif.jte",
                        switch (checked(context, profile)) {
                            case Checked.Wrong wrong -> WhatIfPart.wrong(wrong.problems());
                            case Checked.Ok ok -> WhatIfPart.of(lastDay(profile, ok.settings()));
                        });
    }

    /// As the next revision, which the settings would have.
    private WhatIf lastDay(String profile, Settings changed) {
        var current = site.tail().snapshot();
        var profiles = new HashMap<>(current.profiles());
        profiles.put(profile, new ProfileSettings(profile, site.revision(profile) + 1, changed));
        var whatIf = new WhatIf(current, new SettingsSnapshot(profiles));
        var codec = new EventCodec(site.deployment().limits());
        var since = Instant.now().minus(LOOKING_BACK);
        var topic = site.deployment().topics().events();
        try (var records = new TopicReader(site.clients().consumer("events", Map.of()), topic)) {
            records.toEnd(
                    records.since(since),
                    record ->
                            whatIf.add(
                                    codec.decode(record.value(), record.headers()),
                                    Instant.ofEpochMilli(record.timestamp())));
        }
        return whatIf;
    }

    private void applied(Context context) {
        var profile = profile(context);
        long revision = number(context.queryParam("revision"));
        long savedAt = number(context.queryParam("at"));
        site.views().show(context, "settings/follow.jte", follow(profile, revision, savedAt));
    }

    private FollowPart follow(String profile, long revision, long savedAt) {
        var at = Instant.ofEpochMilli(savedAt);
        var fleet = site.fleet().fleet();
        var applied = Applied.of(fleet.alive(), profile, revision, at);
        boolean goesOn =
                !applied.laggards().isEmpty() && fleet.at().isBefore(at.plus(WORTH_FOLLOWING));
        return new FollowPart(
                profile,
                revision,
                savedAt,
                applied.by().stream().map(s -> s.member().id()).toList(),
                applied.laggards().stream().map(s -> s.member().id()).toList(),
                applied.took().toMillis(),
                goesOn);
    }
}
