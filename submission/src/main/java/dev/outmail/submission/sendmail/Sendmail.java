package dev.outmail.submission.sendmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outmail.config.DeploymentReader;
import dev.outmail.config.InvalidDeployment;
import dev.outmail.config.SpoolOptions;
import dev.outmail.delivery.SendmailTransport;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The command in the place of `/usr/sbin/sendmail`: puts the mail on standard input into the
/// spool, and sees to it that somebody publishes what is there.
///
/// Its caller waits for it to start, so it does without Kafka, JSON and a log.
public final class Sendmail {
    /// What the launcher says: its own path.
    private static final String LAUNCHER = "outmail.launcher";

    /// Read where neither an option nor the environment names another.
    public static final Path DEFAULT_CONFIG = Path.of("/etc/outmail/outmail.properties");

    private static final Path RANDOM = Path.of("/dev/urandom");
    private static final int ID_BYTES = 16;
    private static final File NOWHERE = new File("/dev/null");
    private static final Path NEW_SESSION = Path.of("/usr/bin/setsid");

    private final Map<String, String> environment;
    private final @Nullable String launcher;
    private final InputStream in;
    private final PrintStream out;

    Sendmail(
            Map<String, String> environment,
            @Nullable String launcher,
            InputStream in,
            PrintStream out) {
        this.environment = environment;
        this.launcher = launcher;
        this.in = in;
        this.out = out;
    }

    /// Ends with a code of `sysexits.h`: 0 where the mail is safe on disk.
    public static void main(String[] args) {
        var sendmail =
                new Sendmail(System.getenv(), System.getProperty(LAUNCHER), System.in, System.out);
        System.exit(sendmail.run(List.of(args), System.err).code());
    }

    ExitCode run(List<String> words, PrintStream err) {
        try {
            return carryOut(Arguments.read(words));
        } catch (NotTaken e) {
            err.println("sendmail: " + e.getMessage());
            return e.exitCode();
        } catch (InvalidDeployment e) {
            err.println("sendmail: " + e.getMessage());
            return ExitCode.CONFIG;
        } catch (IOException e) {
            err.println("sendmail: the mail is not in the spool: " + e);
            return ExitCode.IO;
        } catch (RuntimeException | LinkageError e) {
            err.print("sendmail: the mail is not in the spool: ");
            e.printStackTrace(err);
            return ExitCode.FAILED;
        }
    }

    private ExitCode carryOut(Request request) throws IOException, NotTaken {
        return request instanceof Request.Submit submit
                ? submit(submit)
                : carryOut((Request.Other) request);
    }

    private ExitCode carryOut(Request.Other request) throws IOException, NotTaken {
        return switch (request) {
            case Request.ListSpool _ -> {
                var spool = Spool.open(options().folder());
                Listing.print(spool, ZoneId.systemDefault(), new PrintWriter(out, true, UTF_8));
                yield ExitCode.OK;
            }
            case Request.Talk _ -> talk();
            case Request.Drain _ -> drain();
            case Request.Unknown unknown -> throw new NotTaken(ExitCode.USAGE, unknown.why());
        };
    }

    private ExitCode submit(Request.Submit submit) throws IOException, NotTaken {
        checkCaller();
        var options = options();
        var spool = spool(options);
        int maxBytes = options.limits().maxBytes();
        add(submit, new MessageInput(maxBytes, submit.dotEnds()).read(in), options, spool);
        return ExitCode.OK;
    }

    private ExitCode talk() throws IOException, NotTaken {
        checkCaller();
        var options = options();
        var spool = spool(options);
        new Dialogue(
                        in,
                        out,
                        options.limits().maxBytes(),
                        (call, message) -> add(call, message, options, spool))
                .run();
        return ExitCode.OK;
    }

    private void checkCaller() throws NotTaken {
        if (environment.containsKey(SendmailTransport.MARK)) {
            throw new NotTaken(
                    ExitCode.CONFIG,
                    "called by Outmail as the host's mailer, which would send each mail to itself;"
                            + " set native.sendmail to another one");
        }
    }

    private Spool spool(SpoolOptions options) throws IOException, NotTaken {
        return Spool.open(options.folder()).of(config());
    }

    private void add(Request.Submit call, byte[] message, SpoolOptions options, Spool spool)
            throws IOException, NotTaken {
        var now = InstantSource.system().instant();
        spool.add(new Composition(options, call).mail(message, newId(), now));
        if (options.startsDrainer()) {
            startDrainer(spool);
        }
    }

    /// From the kernel: Java's own source of randomness takes 17 ms to start.
    private static String newId() throws IOException {
        try (var random = Files.newInputStream(RANDOM)) {
            return HexFormat.of().formatHex(random.readNBytes(ID_BYTES));
        }
    }

    private SpoolOptions options() throws IOException, NotTaken {
        var file = config();
        return DeploymentReader.readSpool(file == null ? Map.of() : properties(file), environment);
    }

    private @Nullable Path config() {
        var named = environment.get(DeploymentReader.CONFIG_VARIABLE);
        if (named != null && !named.isEmpty()) {
            return Path.of(named).toAbsolutePath();
        }
        // one that may not be looked at is one, and reading it says so
        return Files.notExists(DEFAULT_CONFIG) ? null : DEFAULT_CONFIG;
    }

    private static Map<String, String> properties(Path file) throws NotTaken {
        var read = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            read.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new NotTaken(ExitCode.CONFIG, "can't read " + file + ": " + e);
        }
        var properties = new HashMap<String, String>();
        read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name)));
        return properties;
    }

    /// Unless there is one. The mail is safe whatever becomes of it: the next call, or whoever
    /// drains the spool, publishes it.
    private void startDrainer(Spool spool) {
        try {
            // before the lock, which one that is being started must find free
            if (launcher == null || spool.isDrainerStarting()) {
                return;
            }
            startDrainerUnlessThereIsOne(spool);
        } catch (IOException | RuntimeException | Error e) {
            // said above: the mail is safe, and nothing that happens here may say otherwise
        }
    }

    private void startDrainerUnlessThereIsOne(Spool spool) throws IOException {
        try (var lock = spool.tryLock()) {
            if (lock != null) {
                spool.markDrainerStarting();
                var said = spool.folder().resolve("drainer.log").toFile();
                command("--linger")
                        .directory(new File("/"))
                        .redirectInput(NOWHERE)
                        .redirectOutput(ProcessBuilder.Redirect.to(said))
                        .redirectErrorStream(true)
                        .start();
            }
        }
    }

    /// Now, with its output here.
    private ExitCode drain() throws IOException, NotTaken {
        if (launcher == null) {
            throw new NotTaken(ExitCode.USAGE, "-q: run: outmail spool drain");
        }
        try {
            int exitCode = command().inheritIO().start().waitFor();
            return exitCode == 0 ? ExitCode.OK : ExitCode.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    /// With options it is one of its own: without the terminal and the group of processes of the
    /// caller, whose end is not its end, and no child of this JVM, which would not exit for 300 ms
    /// for the sake of the thread that waits for a child.
    private ProcessBuilder command(String... options) {
        var words = new ArrayList<String>();
        if (options.length > 0) {
            words.addAll(List.of("/bin/sh", "-c", "\"$@\" &", "sh"));
            if (Files.isExecutable(NEW_SESSION)) {
                words.add(NEW_SESSION.toString());
            }
        }
        words.addAll(List.of("" + launcher, "spool", "drain"));
        words.addAll(List.of(options));
        var builder = new ProcessBuilder(words);
        var config = config();
        if (config != null) {
            builder.environment().put(DeploymentReader.CONFIG_VARIABLE, config.toString());
        }
        return builder;
    }
}
