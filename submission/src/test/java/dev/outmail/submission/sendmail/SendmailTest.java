package dev.outmail.submission.sendmail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SendmailTest {
    private static final String HELLO = "To: ada@example.org\nSubject: s\n\nHello\n";

    @TempDir Path temporary;

    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void spoolIsHere() {
        environment.put("OUTMAIL_SENDMAIL_SPOOL", spool().toString());
    }

    private Path spool() {
        return temporary.resolve("spool");
    }

    private ExitCode run(String message, String... words) {
        var in = new ByteArrayInputStream(message.getBytes(UTF_8));
        return new Sendmail(environment, null, in, new PrintStream(out, true, UTF_8))
                .run(List.of(words), new PrintStream(err, true, UTF_8));
    }

    private SpooledMail spooled() throws Exception {
        var files = Spool.open(spool()).files();
        assertThat(files).hasSize(1);
        return SpooledMail.read(Files.readAllBytes(files.getFirst())).orElseThrow();
    }

    private void assertNotTaken(ExitCode expected, String said, String message, String... words)
            throws Exception {
        assertThat(run(message, words)).as(err.toString(UTF_8)).isEqualTo(expected);
        assertThat(err.toString(UTF_8)).startsWith("sendmail: ").contains(said);
        if (Files.exists(spool())) {
            assertThat(Spool.open(spool()).files()).isEmpty();
        }
    }

    private static String message(SpooledMail mail) {
        return new String(mail.message().bytes(), UTF_8);
    }

    @Test
    void aMailOfPhpIsSpooled() throws Exception {
        var message =
                """
                To: Ada <ada@example.org>, bob@example.org
                Subject: s
                Cc: friends: eve@example.org;
                Bcc: "Z, Z" <zoe@example.org>
                Bcc: max@example.org
                X-Mailer: PHP

                Hello
                .
                there
                """
                        .replace("\n", "\r\n");

        assertThat(run(message, "-t", "-i", "-fshop@example.com")).isEqualTo(ExitCode.OK);

        assertThat(spooled().recipients())
                .containsExactly(
                        "ada@example.org",
                        "bob@example.org",
                        "eve@example.org",
                        "zoe@example.org",
                        "max@example.org");
        assertThat(spooled().sender()).isEqualTo("shop@example.com");
        assertThat(spooled().source()).isEqualTo("/sendmail");
        assertThat(message(spooled()))
                .isEqualTo(message.replace("PHP\r\n", "PHP\r\nFrom: shop@example.com\r\n"));
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void aWorkerThatTakesItForTheHostsMailerIsTold() throws Exception {
        environment.put("OUTMAIL_NATIVE_MAILER", "1");

        assertNotTaken(
                ExitCode.CONFIG, "native.sendmail", "Subject: s\n\nHello\n", "ada@example.org");
    }

    /// As base64 it has a third more than its bytes.
    @Test
    void whatWouldBeTooLargeAsAnEventIsSaidWhileTheCallerListens() throws Exception {
        environment.put("OUTMAIL_EVENT_MAX_BYTES", "10000");
        var body = new StringBuilder("Subject: s\n\n\u00e9\n");
        for (int i = 0; i < 100; i++) {
            body.append("x".repeat(76)).append('\n');
        }
        var in = new ByteArrayInputStream(body.toString().getBytes(ISO_8859_1));

        var code =
                new Sendmail(environment, null, in, new PrintStream(out, true, UTF_8))
                        .run(List.of("ada@example.org"), new PrintStream(err, true, UTF_8));

        assertThat(code).as(err.toString(UTF_8)).isEqualTo(ExitCode.DATA);
    }

    @Test
    void recipientsOfTheCallAndOfTheHeaderAreAllRecipients() throws Exception {
        assertThat(run(HELLO, "-t", "--", "bob@example.org,Eve <eve@example.org>"))
                .isEqualTo(ExitCode.OK);

        assertThat(spooled().recipients())
                .containsExactly("bob@example.org", "eve@example.org", "ada@example.org");
    }

    @Test
    void withoutBeingAskedToTheHeaderIsNotReadForRecipients() throws Exception {
        assertThat(run(HELLO, "bob@example.org")).isEqualTo(ExitCode.OK);

        assertThat(spooled().recipients()).containsExactly("bob@example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void aLoneDotEndsTheMailUnlessItIsToldNotTo(String end) throws Exception {
        var message = HELLO.replace("\n", end) + "..two" + end + "." + end + "behind" + end;

        assertThat(run(message, "-t")).isEqualTo(ExitCode.OK);

        assertThat(message(spooled())).endsWith("Hello\r\n..two\r\n");
    }

    @Test
    void aMissingFromIsMadeOfTheCall() throws Exception {
        assertThat(run(HELLO, "-t", "-f", "cron@example.com", "-F", "Zoë's Cron"))
                .isEqualTo(ExitCode.OK);

        assertThat(message(spooled()))
                .contains("From: =?UTF-8?Q?Zo=C3=AB=27s_Cron?= <cron@example.com>\r\n");
    }

    @Test
    void aFromIsLeftAlone() throws Exception {
        var message = "From: Ada <ada@example.com>\n" + HELLO;

        assertThat(run(message, "-t", "-f", "cron@example.com")).isEqualTo(ExitCode.OK);

        assertThat(message(spooled())).isEqualTo(message.replace("\n", "\r\n"));
        assertThat(spooled().sender()).isEqualTo("cron@example.com");
    }

    @Test
    void withoutASenderTheProfilesSenderIsTheOne() throws Exception {
        assertThat(run(HELLO, "-t")).isEqualTo(ExitCode.OK);

        assertThat(spooled().sender()).isNull();
        assertThat(spooled().event().addressing().from()).isNull();
    }

    @Test
    void namesWithoutADomainGetTheOneThatIsSaid() throws Exception {
        environment.put("OUTMAIL_SENDMAIL_DOMAIN", "example.com");

        assertThat(run("Subject: cron\n\nx\n", "-FCronDaemon", "-i", "-f", "root", "root"))
                .isEqualTo(ExitCode.OK);

        assertThat(spooled().recipients()).containsExactly("root@example.com");
        assertThat(spooled().sender()).isEqualTo("root@example.com");
        assertThat(message(spooled())).contains("From: CronDaemon <root@example.com>");
    }

    @Test
    void sourceAndProfileAreTheDeployments() throws Exception {
        var config =
                Files.writeString(
                        temporary.resolve("outmail.properties"),
                        "kafka.bootstrap.servers=k:9092\nsendmail.source=/shop\nsendmail.profile=shop\n");
        environment.put("OUTMAIL_CONFIG", config.toString());

        assertThat(run(HELLO, "-t")).isEqualTo(ExitCode.OK);

        assertThat(spooled().event().id().source()).isEqualTo("/shop");
        assertThat(spooled().event().profile()).isEqualTo("shop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    NO_RECIPIENT | there is no recipient    | Subject: s;;x;                      | -t
                    NO_RECIPIENT | there is no recipient    | To: undisclosed:\\;;Subject: s;;x;    | -t
                    NO_RECIPIENT | there is no '@'          | Subject: s;;x;                      | root
                    NO_RECIPIENT | no valid mail address    | To: a b@example.org;;x;             | -t
                    NO_RECIPIENT | behind '>'               | To: <a@a.org>b@b.org;;x;            | -t
                    NO_RECIPIENT | no valid mail address    | Subject: s;;x;                      | -- -oQ/tmp
                    DATA         | it has no header         |                                     | a@example.org
                    DATA         | no header field begins   | Hello there;                        | a@example.org
                    DATA         | one sender               | Subject: s;;x;                      | -f <> a@example.org
                    DATA         | one sender               | Subject: s;;x;                      | -fa@a.org,b@b.org a@example.org
                    DATA         | no valid mail address    | Subject: s;;x;                      | -fa@ a@example.org
                    DATA         | X-Outmail-Send-At        | X-Outmail-Send-At: soon;Subject: s;;x; | a@example.org
                    DATA         | no field of this name    | X-Outmail-Colour: red;Subject: s;;x; | a@example.org
                    USAGE        | -z: there is no such     | Subject: s;;x;                      | -z a@example.org
                    """)
    void whatIsWrongIsSaidWhileTheCallerListens(
            ExitCode expected, String said, @Nullable String message, String words)
            throws Exception {
        var lines =
                message == null
                        ? ""
                        : message.replace("\\;", "\0").replace(';', '\n').replace('\0', ';');

        assertNotTaken(expected, said, lines, words.split(" "));
    }

    @Test
    void aBareCarriageReturnOrNulIsNoMail() throws Exception {
        assertNotTaken(ExitCode.DATA, "CR without LF", HELLO + "a\rb\n", "-t");
        assertNotTaken(ExitCode.DATA, "NUL", HELLO + "a\0b\n", "-t");
    }

    @Test
    void aMailThatIsTooLargeIsReadToItsEndAndRefused() throws Exception {
        environment.put("OUTMAIL_EVENT_MAX_BYTES", "2048");
        var message = HELLO + "x".repeat(100_000);
        var in = new ByteArrayInputStream(message.getBytes(UTF_8));

        var code =
                new Sendmail(environment, null, in, new PrintStream(out, true, UTF_8))
                        .run(List.of("-t"), new PrintStream(err, true, UTF_8));

        assertThat(code).isEqualTo(ExitCode.DATA);
        assertThat(err.toString(UTF_8)).contains("more than 2048 (event.max-bytes)");
        assertThat(in.available()).isZero();
    }

    @Test
    void whatJsonEscapesCountsToo() throws Exception {
        environment.put("OUTMAIL_EVENT_MAX_BYTES", "2048");

        assertNotTaken(ExitCode.DATA, "more than 2048", HELLO + "\"\n".repeat(900), "-t");
    }

    @Test
    void tooManyRecipientsAreRefused() throws Exception {
        environment.put("OUTMAIL_EVENT_MAX_RECIPIENTS", "2");

        assertNotTaken(
                ExitCode.NO_RECIPIENT,
                "3 recipients, more than 2",
                HELLO,
                "a@example.org",
                "b@example.org",
                "c@example.org");
    }

    @Test
    void aWrongConfigurationIsSaid() throws Exception {
        environment.put("OUTMAIL_SENDMAIL_SPOL", "/tmp");
        assertNotTaken(ExitCode.CONFIG, "did you mean sendmail.spool?", HELLO, "-t");

        environment.remove("OUTMAIL_SENDMAIL_SPOL");
        environment.put("OUTMAIL_CONFIG", temporary.resolve("none").toString());
        assertNotTaken(ExitCode.CONFIG, "can't read " + temporary, HELLO, "-t");
    }

    @Test
    void theSpoolIsListedAsMailqDoes() throws Exception {
        assertThat(run("", "-bp")).isEqualTo(ExitCode.OK);
        assertThat(out.toString(UTF_8)).isEqualTo("Mail queue is empty\n");
        out.reset();
        assertThat(run(HELLO, "-t", "-f", "shop@example.com")).isEqualTo(ExitCode.OK);
        assertThat(run(HELLO, "bob@example.org")).isEqualTo(ExitCode.OK);
        var spool = Spool.open(spool());
        spool.fail(spool.files().getLast(), "it is too large");

        assertThat(run("", "-bp")).isEqualTo(ExitCode.OK);

        assertThat(out.toString(UTF_8))
                .startsWith("-Queue ID-")
                .containsPattern("\\n\\S+ +\\d+ .* shop@example.com\\n +ada@example.org\\n")
                .containsPattern("\\n\\S+! .*\\n +\\(it is too large\\)\\n +bob@example.org\\n")
                .endsWith("-- 1 Kbytes in 2 Requests.\n");
    }
}
