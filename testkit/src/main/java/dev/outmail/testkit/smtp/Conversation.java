package dev.outmail.testkit.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// One connection, served the usual way wherever the script says nothing else. Owned by its thread.
final class Conversation {
    private final ScriptedSmtpServer server;
    private final Peer peer;
    private final int number;
    private final List<String> recipients = new ArrayList<>();
    private @Nullable String sender;
    private String user = "";
    private String client = "";

    Conversation(ScriptedSmtpServer server, Peer peer, int number) {
        this.server = server;
        this.peer = peer;
        this.number = number;
    }

    void run() throws IOException {
        Dialogue dialogue = server.script().nextDialogue();
        if (dialogue != null) {
            String surprise = dialogue.play(peer, server.identity(), this::heard);
            if (surprise != null) {
                server.minutes().recordSurprise("connection " + number + ": " + surprise);
            }
            return;
        }
        if (server.isTlsFromTheStart()) {
            secure();
        }
        act("CONNECT", Act.reply("220 scripted.example ESMTP"));
        while (peer.isOpen()) {
            String line = peer.readLine();
            if (line == null) {
                return;
            }
            heard(line);
            answer(line);
        }
    }

    private void heard(String line) {
        server.minutes().record(new Heard(number, peer.isSecure(), line), peer.gulps());
    }

    private void answer(String line) throws IOException {
        String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
        switch (verb) {
            case "EHLO" -> hello(line, Act.reply(ehlo()));
            case "HELO" -> hello(line, Act.reply("250 scripted.example"));
            case "STARTTLS" -> startTls(line);
            case "AUTH" -> act(line, ignored -> authenticate(line));
            case "MAIL" -> mail(line);
            case "RCPT" -> recipient(line);
            case "DATA" -> data(line);
            case "RSET" -> reset(line);
            case "NOOP" -> act(line, Act.reply("250 2.0.0 ok"));
            case "QUIT" -> act(line, Act.reply("221 2.0.0 bye").then(Act.close()));
            default -> act(line, Act.reply("500 5.5.2 what?"));
        }
    }

    /// Does what the script says, or else the usual; returns whether the answer was of this class.
    private boolean act(String line, Act usual) throws IOException {
        return play(chosen(line, usual));
    }

    private Act chosen(String line, Act usual) {
        Act scripted = server.script().actFor(line);
        return scripted == null ? server.faults().actFor(line, recipients, usual) : scripted;
    }

    private boolean play(Act act) throws IOException {
        peer.forgetLastSaid();
        act.play(peer);
        String said = peer.lastSaid();
        return peer.isOpen() && (said.startsWith("2") || said.startsWith("3"));
    }

    private void hello(String line, Act usual) throws IOException {
        client = line.substring("EHLO".length()).strip();
        act(line, usual);
    }

    private String[] ehlo() {
        List<String> lines = new ArrayList<>(List.of("scripted.example"));
        lines.addAll(server.extensions());
        if (server.offersStartTls() && !peer.isSecure()) {
            lines.add("STARTTLS");
        }
        if (server.login() != null && (peer.isSecure() || !server.offersStartTls())) {
            lines.add("AUTH PLAIN LOGIN");
        }
        String[] reply = new String[lines.size()];
        for (int i = 0; i < reply.length; i++) {
            reply[i] = (i < reply.length - 1 ? "250-" : "250 ") + lines.get(i);
        }
        return reply;
    }

    private void startTls(String line) throws IOException {
        String usual = server.offersStartTls() ? "220 2.0.0 ready" : "502 5.5.1 no TLS here";
        if (act(line, Act.reply(usual))) {
            secure();
        }
    }

    private void secure() throws IOException {
        SSLContext identity = server.identity();
        act(
                "TLS",
                shaking -> {
                    if (identity != null) {
                        shaking.secure(identity);
                    }
                });
    }

    private void authenticate(String line) throws IOException {
        String[] words = line.split(" ");
        String mechanism = words.length > 1 ? words[1].toUpperCase(Locale.ROOT) : "";
        Login given;
        if (mechanism.equals("PLAIN")) {
            String[] parts = decode(words.length > 2 ? words[2] : ask("334 ")).split("\0", 3);
            given = new Login(parts[1], parts[2]);
        } else if (mechanism.equals("LOGIN")) {
            String name = decode(words.length > 2 ? words[2] : ask("334 VXNlcm5hbWU6"));
            given = new Login(name, decode(ask("334 UGFzc3dvcmQ6")));
        } else {
            peer.say("504 5.5.4 unknown mechanism");
            return;
        }
        if (given.equals(server.login())) {
            user = given.user();
            peer.say("235 2.7.0 welcome");
        } else {
            peer.say("535 5.7.8 authentication failed");
        }
    }

    private String ask(String prompt) throws IOException {
        peer.say(prompt);
        String line = peer.readLine();
        if (line == null) {
            throw new IOException("the client went while logging in");
        }
        heard(line);
        return line;
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private void mail(String line) throws IOException {
        String usual = "250 2.1.0 ok";
        if (server.login() != null && user.isEmpty()) {
            usual = "530 5.7.0 authentication required";
        } else if (sender != null) {
            usual = "503 5.5.1 nested MAIL command";
        }
        if (act(line, Act.reply(usual))) {
            sender = argument(line);
        }
    }

    private void recipient(String line) throws IOException {
        String usual = sender == null ? "503 5.5.1 MAIL first" : "250 2.1.5 ok";
        if (act(line, Act.reply(usual))) {
            recipients.add(argument(line));
        }
    }

    private static String argument(String line) {
        return line.substring(line.indexOf(':') + 1).strip();
    }

    private void data(String line) throws IOException {
        String usual = recipients.isEmpty() ? "503 5.5.1 RCPT first" : "354 go on";
        if (!act(line, Act.reply(usual))) {
            return;
        }
        act("CONTENT", ignored -> {});
        if (!peer.isOpen()) {
            return;
        }
        byte[] content = peer.readContent();
        Act answer = chosen(".", Act.reply("250 2.0.0 taken"));
        server.taken(
                new Received(
                        number,
                        peer.isSecure(),
                        user,
                        sender == null ? "" : sender,
                        recipients,
                        content),
                client,
                answer);
        forgetTransaction();
        play(answer);
    }

    private void reset(String line) throws IOException {
        if (act(line, Act.reply("250 2.0.0 ok"))) {
            forgetTransaction();
        }
    }

    private void forgetTransaction() {
        sender = null;
        recipients.clear();
    }

    /// Who may send.
    record Login(String user, String password) {}
}
