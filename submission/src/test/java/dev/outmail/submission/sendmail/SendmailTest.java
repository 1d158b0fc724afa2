package dev.outmail.submission.sendmail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.config.DeploymentReader;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.submission.sendmail.Drainer.Drained;
import dev.outmail.submission.sendmail.Drainer.Stay;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /// As Symfony and Laravel call it.
    @Test
    void mailIsTakenOverSmtpOnStandardInput() throws Exception {
        var dialogue =
                """
                EHLO [127.0.0.1]
                MAIL FROM:<shop@example.com>
                RCPT TO:<ada@example.org>
                DATA
                Subject: s

                x
                .
                MAIL FROM:<shop@example.com>
                RCPT TO:<nobody>
                DATA
                Subject: s

                x
                .
                QUIT
                """
                        .replace("\n", "\r\n");

        assertThat(run(dialogue, "-bs", "-i")).isEqualTo(ExitCode.OK);

        assertThat(spooled().sender()).isEqualTo("shop@example.com");
        assertThat(spooled().recipients()).containsExactly("ada@example.org");
        assertThat(message(spooled()))
                .isEqualTo("Subject: s\r\nFrom: shop@example.com\r\n\r\nx\r\n");
        assertThat(out.toString(UTF_8))
                .contains("\r\n250 2.0.0 On disk\r\n", "\r\n554 5.6.0 ")
                .endsWith("\r\n221 2.0.0 Bye\r\n");
    }

    @Test
    void aMailThatIsSentAgainIsNotForItsFirstRecipients() throws Exception {
        var message =
                "Resent-To: bob@example.org\nResent-Bcc: eve@example.org\nCc: max@example.org\n";

        assertThat(run(message + HELLO, "-t")).isEqualTo(ExitCode.OK);

        assertThat(spooled().recipients()).containsExactly("bob@example.org", "eve@example.org");
    }

    @Test
    void aListOfRecipientsOnOneLongLineIsReadWhole() throws Exception {
        var all = new ArrayList<String>();
        for (int i = 0; i < 60; i++) {
            all.add("somebody.number." + i + "@example.org");
        }

        assertThat(run("Bcc: " + String.join(",", all) + "\n\nx\n", "-t")).isEqualTo(ExitCode.OK);

        assertThat(spooled().recipients()).isEqualTo(all);
    }

    /// A Date is added to it when it is published.
    @ParameterizedTest
    @CsvSource({"1000, X: y", "868, X: 302 octets"})
    void aHeaderThatWillBeTooLargeIsRefusedWhileTheCallerListens(int fields, String field)
            throws Exception {
        var line = field.replace("302 octets", "y".repeat(297)) + "\n";

        assertNotTaken(
                ExitCode.DATA,
                "its header is larger than",
                line.repeat(fields) + "\nx\n",
                "a@example.org");
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

    /// Of a terminal, or of a caller that waits for the exit code before it closes its end.
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void behindALoneDotNothingIsWaitedFor(String end) throws Exception {
        var typed = (HELLO + ".\n").replace("\n", end).getBytes(UTF_8);
        var in =
                new ByteArrayInputStream(typed) {
                    @Override
                    public synchronized int read(byte[] into, int at, int length) {
                        assertThat(available()).as("read on behind the dot").isPositive();
                        return super.read(into, at, 1);
                    }
                };

        assertThat(
                        new Sendmail(environment, null, in, new PrintStream(out, true, UTF_8))
                                .run(List.of("-t"), new PrintStream(err, true, UTF_8)))
                .isEqualTo(ExitCode.OK);

        assertThat(message(spooled())).endsWith("Hello\r\n");
    }

    @Test
    void aMissingFromIsMadeOfTheCall() throws Exception {
        assertThat(run(HELLO, "-t", "-f", "cron@example.com", "-F", "Zoë's Cron"))
                .isEqualTo(ExitCode.OK);

        assertThat(message(spooled()))
                .contains("From: =?UTF-8?Q?Zo=C3=AB=27s_Cron?= <cron@example.com>\r\n");
    }

    @Test
    void aFromThatIsMadeHasItsNameEncodedAloneAndIsOneField() throws Exception {
        assertThat(run(HELLO, "-t", "-f", "jörg@example.com", "-F", "Zoë\nBcc: x"))
                .isEqualTo(ExitCode.OK);

        assertThat(message(spooled()))
                .contains("From: =?UTF-8?Q?Zo=C3=AB_Bcc=3A_x?= <jörg@example.com>\r\n");
    }

    /// As Debian's cron, cronie and logwatch write it.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    From: root (Cron Daemon)       | From: root@example.com (Cron Daemon)
                    From: "(Cron Daemon)" <root>   | From: "(Cron Daemon)" <root@example.com>
                    From: Logwatch                 | From: Logwatch@example.com
                    From: Zoë <root>               | From: Zoë <root@example.com>
                    To: root, Bob <bob@b.org>, eve | To: root@example.com, Bob <bob@b.org>, eve@example.com
                    Cc: all:root ;                 | Cc: all:root@example.com ;
                    Reply-To: root                 | Reply-To: root@example.com
                    To: all of you                 | To: all of you
                    To: <a@a.org>b                 | To: <a@a.org>b
                    Subject: root                  | Subject: root
                    """)
    void namesWithoutADomainGetItInTheHeaderToo(String written, String sent) throws Exception {
        environment.put("OUTMAIL_SENDMAIL_DOMAIN", "example.com");

        assertThat(run(written + "\nX: y\n\nroot\n", "root")).isEqualTo(ExitCode.OK);

        assertThat(message(spooled())).isEqualTo(sent + "\r\nX: y\r\n\r\nroot\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Cron Daemon", "root", "<>", "<a@a.org> b", "\"Ada <a@a.org>", ""})
    void aFromThatNamesNobodyCountsAsMissing(String from) throws Exception {
        assertThat(run("From: " + from + "\n\nx\n", "-f", "a@example.com", "b@example.org"))
                .isEqualTo(ExitCode.OK);

        assertThat(message(spooled())).isEqualTo("From: a@example.com\r\n\r\nx\r\n");
    }

    @Test
    void aFromThatNamesNobodyMakesRoomForTheProfiles() throws Exception {
        assertThat(run("From: Cron Daemon\n\nx\n", "b@example.org")).isEqualTo(ExitCode.OK);

        assertThat(message(spooled())).matches("Date: .*\r\n\r\nx\r\n");
        assertThat(spooled().event()).isNotNull();
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

        var files = Spool.open(spool()).of(config).files();
        assertThat(files).hasSize(1);
        var event = SpooledMail.read(Files.readAllBytes(files.getFirst())).orElseThrow().event();
        assertThat(event.id().source()).isEqualTo("/shop");
        assertThat(event.profile()).isEqualTo("shop");
    }

    /// Two sites of one user: whoever publishes the mails of one knows its Kafka only.
    @Test
    void mailsOfAnotherConfigurationAreListedAndNotPublished() throws Exception {
        var config = Files.writeString(temporary.resolve("shop.properties"), "");
        environment.put("OUTMAIL_CONFIG", config.toString());
        assertThat(run(HELLO, "-t")).isEqualTo(ExitCode.OK);
        environment.remove("OUTMAIL_CONFIG");
        var kafka = new InMemoryOutmail();
        var options = DeploymentReader.readSpool(Map.of(), environment);

        assertThat(Drainer.of(options, null, () -> kafka, Stay.NOT).run())
                .isEqualTo(new Drained(0, 0, 0, false));
        assertThat(run("", "-bp")).isEqualTo(ExitCode.OK);
        assertThat(Drainer.of(options, config, () -> kafka, Stay.NOT).run())
                .isEqualTo(new Drained(1, 0, 0, false));

        assertThat(out.toString(UTF_8))
                .contains("(configuration " + config + ")")
                .endsWith("in 1 Request.\n");
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

    /// As cron hands over what curl, rsync and apt have to say.
    @Test
    void whatCronGotFromAProgramThatShowsProgressIsMail() throws Exception {
        assertThat(run("Subject: s\n\n10%\r20%\r\r\n\0done\r", "ada@example.org"))
                .isEqualTo(ExitCode.OK);

        assertThat(message(spooled())).isEqualTo("Subject: s\r\n\r\n10%\r\n20%\r\ndone\r\n");
    }

    /// Who may write a subject may not write recipients.
    @Test
    void aCarriageReturnInTheHeaderBeginsNoField() throws Exception {
        assertThat(run("To: ada@example.org\nSubject: a\rBcc: b@example.org\n\nx\n", "-t"))
                .isEqualTo(ExitCode.OK);

        assertThat(spooled().recipients()).containsExactly("ada@example.org");
        assertThat(message(spooled())).contains("Subject: a Bcc: b@example.org\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    disk full;                        | Date: DATE;;disk full;
                    ;disk full;                       | Date: DATE;;disk full;
                    (disk) full                       | Date: DATE;;(disk) full;
                    '  disk: full;'                   | 'Date: DATE;;  disk: full;'
                    ''                                | Date: DATE;
                    Subject: x;hello;you: there;      | Subject: x;;hello;you: there;
                    'Subject: x; y;-- hello'          | 'Subject: x; y;;-- hello;'
                    Subject: x                        | Subject: x;
                    From ada Sun Nov 29;Subject: x;;y | Subject: x;;y;
                    >From ada;Subject: x;;y           | Subject: x;;y;
                    From ada Sun Nov 29               | Date: DATE;
                    From : ada@example.com;;y         | From : ada@example.com;;y;
                    """)
    void whatHasNoHeaderOrNoEndOfItIsMailToo(String written, String sent) throws Exception {
        assertThat(run(written.replace(';', '\n'), "root@example.org"))
                .as(err.toString(UTF_8))
                .isEqualTo(ExitCode.OK);

        assertThat(message(spooled()).replaceFirst("Date: .* \\+0000\r", "Date: DATE\r"))
                .isEqualTo(sent.replace(";", "\r\n"));
        assertThat(spooled().event()).isNotNull();
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
