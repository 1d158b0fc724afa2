package dev.outmail.console.letters;

import dev.outmail.console.log.Mail;
import dev.outmail.console.settings.Site;
import dev.outmail.console.web.Frame;
import dev.outmail.console.web.MailFrame;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.console.web.Visitor;
import dev.outmail.deadletters.Action;
import dev.outmail.deadletters.Batch;
import dev.outmail.deadletters.DeadLetter;
import dev.outmail.deadletters.DeadLetterIndex.Entry;
import dev.outmail.deadletters.DeadLetters;
import dev.outmail.deadletters.LetterPosition;
import dev.outmail.deadletters.Result;
import dev.outmail.deadletters.Signature;
import dev.outmail.delivery.Printable;
import dev.outmail.mail.Mailbox;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Dead letters and mail held in doubt: by reason, one by one, and what is done about them.
public final class LetterPages implements Pages {
    private static final int SHOWN = 200;
    private static final int NAMED = 20;
    private static final int SHOWN_BYTES = 64 * 1024;

    private final Site site;
    private final LetterOffice office;

    public LetterPages(Site site, InstantSource clock) {
        this.site = site;
        var deployment = site.deployment();
        var letters =
                new DeadLetters(
                        site.clients(), deployment.topics(), new EventCodec(deployment.limits()));
        this.office =
                new LetterOffice(
                        letters,
                        new Batch(
                                site.clients(),
                                deployment.topics(),
                                deployment.limits(),
                                clock,
                                letters));
    }

    record ReasonsPage(Frame frame, List<Group> groups) {}

    /// @param entries the first of them
    /// @param count of all
    record ListPage(
            Frame frame,
            String outcome,
            String reason,
            List<Entry> entries,
            int count,
            boolean mayAct) {
        boolean isHeld() {
            return outcome.equals("held");
        }
    }

    /// @param mail null where it is no event
    /// @param raw what is kept of it, printable
    record LetterPage(
            Frame frame,
            Entry entry,
            DeadLetter letter,
            @Nullable Mail mail,
            String raw,
            List<String> problems) {
        String path() {
            return "/dead-letters/" + entry.position();
        }

        boolean isHeld() {
            return entry.letter().why().isInDoubt();
        }
    }

    record Line(LetterPosition letter, String words, boolean isDone) {}

    record DonePage(Frame frame, String what, int done, List<Line> lines) {}

    @Override
    public void serve(RoutesConfig routes) {
        routes.get("/dead-letters", this::reasons, Role.VIEWER);
        routes.get("/dead-letters/list", this::list, Role.OPERATOR);
        routes.post("/dead-letters/act", this::act, Role.OPERATOR);
        routes.get("/dead-letters/{letter}", this::show, Role.OPERATOR);
        routes.get("/dead-letters/{letter}/html", this::html, Role.OPERATOR);
        routes.get("/dead-letters/{letter}/attachments/{number}", this::attachment, Role.OPERATOR);
    }

    private void reasons(Context context) {
        site.views()
                .show(
                        context,
                        "letters/reasons.jte",
                        new ReasonsPage(
                                Frame.of(context, "Dead letters"), Group.of(office.waiting())));
    }

    private static String text(@Nullable String parameter) {
        return Objects.requireNonNullElse(parameter, "").strip();
    }

    private List<Entry> waiting(String outcome, String reason) {
        return office.waiting().stream()
                .filter(entry ->
                        entry.letter().why().outcome().equals(outcome)
                                && entry.letter().why().reason().equals(reason))
                .toList();
    }

    private void list(Context context) {
        var outcome = text(context.queryParam("outcome"));
        var reason = text(context.queryParam("reason"));
        var waiting = waiting(outcome, reason);
        site.views()
                .show(
                        context,
                        "letters/list.jte",
                        new ListPage(
                                Frame.of(context, "Dead letters"),
                                outcome,
                                reason,
                                waiting.subList(0, Math.min(SHOWN, waiting.size())),
                                waiting.size(),
                                Visitor.of(context).mayOperate()));
    }

    private static LetterPosition position(Context context) {
        return LetterPosition.parse(context.pathParam("letter")).orElseThrow(LetterPages::gone);
    }

    private static NotFoundResponse gone() {
        return new NotFoundResponse("There is no such letter, or not any more.");
    }

    private DeadLetter letter(Context context) {
        return office.letter(position(context)).orElseThrow(LetterPages::gone);
    }

    private Optional<Mail> mail(DeadLetter letter) {
        return switch (letter.content()) {
            case Decoded.Ok ok ->
                    Optional.of(
                            Mail.of(
                                    ok.event(),
                                    Objects.requireNonNullElse(
                                            letter.why().acceptedAt(), letter.at()),
                                    site.tail().snapshot()));
            case Decoded.Malformed _ -> Optional.empty();
        };
    }

    private void show(Context context) {
        var letter = letter(context);
        var entry = office.entry(letter.position()).orElseThrow(LetterPages::gone);
        site.audit().record(context, "letter.read", letter.position().toString(), name(letter));
        site.views()
                .show(
                        context,
                        "letters/letter.jte",
                        new LetterPage(
                                Frame.of(context, "Dead letter " + letter.position()),
                                entry,
                                letter,
                                mail(letter).orElse(null),
                                raw(letter.value()),
                                problems(letter)));
    }

    private static String name(DeadLetter letter) {
        return letter.event().map(Object::toString).orElse("");
    }

    private static List<String> problems(DeadLetter letter) {
        return switch (letter.content()) {
            case Decoded.Ok _ -> List.of();
            case Decoded.Malformed malformed ->
                    malformed.problems().stream().map(Object::toString).toList();
        };
    }

    private static String raw(byte @Nullable [] value) {
        if (value == null) {
            return "(nothing is kept of it)";
        }
        var text =
                new String(value, 0, Math.min(value.length, SHOWN_BYTES), StandardCharsets.UTF_8);
        var lines = new StringBuilder();
        text.lines()
                .forEach(line -> {
                    for (int i = 0; i < line.length() || i == 0; i += Printable.MAX_LENGTH / 2) {
                        lines.append(
                                Printable.of(
                                        line.substring(
                                                i,
                                                Math.min(
                                                        line.length(),
                                                        i + Printable.MAX_LENGTH / 2))));
                    }
                    lines.append('\n');
                });
        return lines + (value.length > SHOWN_BYTES ? "… (" + value.length + " bytes)" : "");
    }

    private void html(Context context) {
        MailFrame.html(context, mail(letter(context)).orElseThrow(LetterPages::gone).html());
    }

    private void attachment(Context context) {
        var mail = mail(letter(context)).orElseThrow(LetterPages::gone);
        var number = context.pathParam("number");
        if (!number.matches("\\d{1,4}") || Integer.parseInt(number) >= mail.attachments().size()) {
            throw gone();
        }
        var attachment = mail.attachments().get(Integer.parseInt(number));
        site.audit()
                .record(
                        context,
                        "mail.attachment",
                        mail.event().id().toString(),
                        attachment.name());
        MailFrame.download(context, attachment.name(), attachment.content());
    }

    private void act(Context context) {
        var action = action(context);
        var chosen = chosen(context);
        var why = text(context.formParam("why"));
        if (action instanceof Action.Discard && why.isEmpty()) {
            throw new BadRequestResponse("To discard, say why.");
        }
        var what = action.kind().wireName();
        site.audit().record(context, "letters." + what, named(chosen), why);
        var signature = new Signature(Visitor.of(context).name(), why);
        var results = office.act(chosen, action, signature);
        var lines = new ArrayList<Line>();
        results.forEach((letter, result) ->
                lines.add(
                        new Line(
                                letter,
                                LetterOffice.words(result),
                                result instanceof Result.Done)));
        int done = (int) lines.stream().filter(Line::isDone).count();
        site.views()
                .show(
                        context,
                        "letters/done.jte",
                        new DonePage(Frame.of(context, "Dead letters"), what, done, lines));
    }

    /// The first of them; who did what about each stands beside it, too.
    private static String named(SequencedSet<LetterPosition> letters) {
        var first = letters.stream().limit(NAMED).map(LetterPosition::toString).toList();
        return letters.size()
                + ": "
                + String.join(" ", first)
                + (letters.size() > NAMED ? " …" : "");
    }

    private static Action action(Context context) {
        return switch (text(context.formParam("action"))) {
            case "replay" -> new Action.Replay();
            case "release" -> new Action.Release();
            case "discard" -> new Action.Discard();
            case "copy" -> new Action.CopyTo(mailbox(text(context.formParam("to"))));
            default -> throw new BadRequestResponse("What is to be done?");
        };
    }

    private static Mailbox mailbox(String written) {
        try {
            return Mailbox.parse(written);
        } catch (IllegalArgumentException e) {
            throw new BadRequestResponse("To whom? " + e.getMessage());
        }
    }

    /// Those that were checked, or all of a reason.
    private SequencedSet<LetterPosition> chosen(Context context) {
        var chosen = new LinkedHashSet<LetterPosition>();
        if ("all".equals(context.formParam("which"))) {
            waiting(text(context.formParam("outcome")), text(context.formParam("reason")))
                    .forEach(entry -> chosen.add(entry.position()));
        } else {
            context.formParams("letter")
                    .forEach(written -> LetterPosition.parse(written).ifPresent(chosen::add));
        }
        if (chosen.isEmpty()) {
            throw new BadRequestResponse("No letter is chosen.");
        }
        return chosen;
    }
}
