package dev.outmail.console.log;

import dev.outmail.console.audit.AuditTrail;
import dev.outmail.console.web.Frame;
import dev.outmail.console.web.MailFrame;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.console.web.Views;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;

/// A mail as it was sent, or would have been: its HTML in a frame of its own, its text, its source,
/// its attachments.
final class MailPages implements Pages {
    private final MailShelf shelf;
    private final AuditTrail audit;
    private final Views views;

    MailPages(MailShelf shelf, AuditTrail audit, Views views) {
        this.shelf = shelf;
        this.audit = audit;
        this.views = views;
    }

    /// @param path of this page, which the parts' begin with
    record MailPage(Frame frame, Mail mail, String path) {}

    @Override
    public void serve(RoutesConfig routes) {
        routes.get("/log/mail/{partition}/{offset}", this::show, Role.OPERATOR);
        routes.get("/log/mail/{partition}/{offset}/html", this::html, Role.OPERATOR);
        routes.get(
                "/log/mail/{partition}/{offset}/attachments/{number}",
                this::attachment,
                Role.OPERATOR);
    }

    private Mail mail(Context context) {
        var partition = context.pathParam("partition");
        var offset = context.pathParam("offset");
        if (!partition.matches("\\d{1,9}") || !offset.matches("\\d{1,18}")) {
            throw gone();
        }
        return shelf.find(Integer.parseInt(partition), Long.parseLong(offset))
                .orElseThrow(MailPages::gone);
    }

    private static NotFoundResponse gone() {
        return new NotFoundResponse(
                "There is no mail, or not any more: events are kept for a time only.");
    }

    private void show(Context context) {
        var mail = mail(context);
        audit.record(context, "mail.read", mail.event().id().toString(), "");
        views.show(
                context,
                "log/mail.jte",
                new MailPage(Frame.of(context, "Mail"), mail, context.path()));
    }

    private void html(Context context) {
        MailFrame.html(context, mail(context).html());
    }

    private void attachment(Context context) {
        var mail = mail(context);
        var number = context.pathParam("number");
        if (!number.matches("\\d{1,4}") || Integer.parseInt(number) >= mail.attachments().size()) {
            throw gone();
        }
        var attachment = mail.attachments().get(Integer.parseInt(number));
        audit.record(context, "mail.attachment", mail.event().id().toString(), attachment.name());
        MailFrame.download(context, attachment.name(), attachment.content());
    }
}
