package dev.outmail.console.settings;

import dev.outmail.console.probe.ConnectionTest;
import dev.outmail.console.probe.Step;
import dev.outmail.console.probe.TargetRules;
import dev.outmail.console.settings.SettingsForm.Checked;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.Settings;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The test of a connection as it is in the form.
public final class TestPages implements Pages {
    private final Site site;
    private final OutgoingMailPages form;
    private final TargetRules rules;

    public TestPages(Site site, OutgoingMailPages form) {
        this.site = site;
        this.form = form;
        this.rules = new TargetRules(site.deployment().console().testHosts());
    }

    /// @param problems that kept it from being tried
    record TestPart(Map<String, String> problems, List<Step> steps) {
        boolean isFine() {
            return steps.stream().noneMatch(step -> step.result() == Step.Result.FAILED);
        }
    }

    @Override
    public void serve(RoutesConfig routes) {
        routes.post("/settings/{profile}/test", this::test, Role.ADMIN);
    }

    private void test(Context context) {
        var profile = OutgoingMailPages.profile(context);
        site.views()
                .show(
                        context,
                        "settings/tested.jte",
                        switch (form.typed(context, profile)) {
                            case Checked.Wrong wrong -> new TestPart(wrong.problems(), List.of());
                            case Checked.Ok ok -> test(context, profile, ok.settings());
                        });
    }

    private TestPart test(Context context, String profile, Settings settings) {
        if (!(settings.connection() instanceof SmtpServer server)) {
            return new TestPart(Map.of("connection", "is no SMTP server"), List.of());
        }
        var to = Objects.requireNonNullElse(context.formParam("test-to"), "").strip();
        var sender = settings.sender();
        var from = sender == null ? "" : sender.address().toString();
        boolean send = "true".equals(context.formParam("test-send"));
        if (!to.isEmpty()) {
            try {
                to = EmailAddress.parse(to).toString();
            } catch (IllegalArgumentException e) {
                return new TestPart(Map.of("Recipient", String.valueOf(e.getMessage())), List.of());
            }
        }
        site.audit()
                .record(
                        context,
                        send ? "settings.test-mail" : "settings.test",
                        profile,
                        server.address() + (to.isEmpty() ? "" : " for " + to));
        var secret = TestSecret.of(form.password(context, profile), profile, server, site);
        var message =
                send && sender != null && !to.isEmpty()
                        ? TestMail.bytes(sender, to, profile)
                        : null;
        var plan =
                new ConnectionTest.Plan(
                        server,
                        site.deployment().smtp().localhost(),
                        secret.password(),
                        secret.trouble(),
                        from,
                        to,
                        message);
        return new TestPart(Map.of(), new ConnectionTest(rules, plan).run());
    }
}
