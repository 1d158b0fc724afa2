package dev.outmail.console.mymail;

import dev.outmail.console.web.Frame;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.console.web.Views;
import dev.outmail.preferences.Preference;
import dev.outmail.preferences.PreferencesStore;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.SettingsTail;
import dev.outmail.settings.Timing;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import java.time.InstantSource;
import java.util.Objects;

/// A recipient's own page, for whoever has the link that an application signed.
public final class MyMailPages implements Pages {
    private final PreferencesStore preferences;
    private final SettingsTail settings;
    private final KeyRing keys;
    private final Views views;
    private final InstantSource clock;

    public MyMailPages(
            PreferencesStore preferences,
            SettingsTail settings,
            KeyRing keys,
            Views views,
            InstantSource clock) {
        this.preferences = preferences;
        this.settings = settings;
        this.keys = keys;
        this.views = views;
        this.clock = clock;
    }

    /// @param chosen by its wire name; empty for what the admin chose
    record MyMailPage(
            Frame frame, String address, boolean mayChoose, String chosen, boolean saved) {}

    @Override
    public void serve(RoutesConfig routes) {
        routes.get("/my-mail", context -> show(context, link(context), false), Role.ANYONE);
        routes.post("/my-mail", this::choose, Role.ANYONE);
    }

    private SignedLink link(Context context) {
        return SignedLink.of(context, keys, clock.instant())
                .orElseThrow(
                        () -> new ForbiddenResponse("This link is not valid, or not any more."));
    }

    private boolean mayChoose(SignedLink link) {
        return settings.snapshot()
                .profile(link.profile())
                .map(profile -> profile.settings().usersMayChoose())
                .orElse(false);
    }

    private void show(Context context, SignedLink link, boolean saved) {
        views.show(
                context,
                "mymail/mymail.jte",
                new MyMailPage(
                        Frame.of(context, "My mail"),
                        link.address().toString(),
                        mayChoose(link),
                        preferences.read(link.address()).map(Timing::wireName).orElse(""),
                        saved));
    }

    private void choose(Context context) {
        var link = link(context);
        if (!mayChoose(link)) {
            throw new ForbiddenResponse("The admin does not let recipients choose.");
        }
        var written = Objects.requireNonNullElse(context.formParam("timing"), "");
        Timing.of(written)
                .ifPresentOrElse(
                        timing -> preferences.set(new Preference(link.address(), timing)),
                        () -> preferences.clear(link.address()));
        show(context, link, true);
    }
}
