package dev.outmail.submission.sendmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.outmail.config.SpoolOptions;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The mails of one user that were handed over and are not known to be in Kafka yet: a folder in
/// the spool that only that user reads, with a file a mail. Files are named by time, so that the
/// oldest comes first.
///
/// A file appears whole, by its name. Whoever publishes holds the lock; a lock ends with its
/// process.
final class Spool {
    private static final String SUFFIX = ".mail";
    private static final String FAILED = "failed";
    private static final String STARTED = "started";

    /// Of a JVM on a busy machine, until it has the lock.
    private static final long LONGEST_START_MILLIS = 5_000;

    private static final String UNFINISHED = ".tmp";
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /// Anybody may make a folder in it, and none that is another's may be removed (sticky).
    private static final int SHARED_FOLDER = 01733;

    private static final Path SELF = Path.of("/proc/self");

    private final Path folder;

    private Spool(Path folder) {
        this.folder = folder;
    }

    /// The folder of the user that this process runs as, made where it is missing.
    static Spool open(Path spool) throws IOException, NotTaken {
        return open(spool, user(System.getProperty("user.name")));
    }

    /// One that the machine has no name for, as in containers that run as any number, is none of
    /// the others that it has no name for.
    static String user(String name) throws IOException {
        return name.equals("?") ? "" + Files.getAttribute(SELF, "unix:uid") : name;
    }

    /// The same for who has no exit code for it.
    static Spool openFor(SpoolOptions options) throws IOException {
        try {
            return open(options.folder());
        } catch (NotTaken e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    static Spool open(Path spool, String user) throws IOException, NotTaken {
        var folder = spool.resolve(user);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            make(spool, folder);
        }
        checkOwner(folder);
        return new Spool(folder);
    }

    private static void make(Path spool, Path folder) throws IOException, NotTaken {
        try {
            if (!Files.isDirectory(spool) && makeOne(spool, PRIVATE_FOLDER)) {
                Files.setAttribute(spool, "unix:mode", SHARED_FOLDER);
            }
            makeOne(folder, PRIVATE_FOLDER);
        } catch (AccessDeniedException | NoSuchFileException e) {
            throw new NotTaken(
                    ExitCode.CANT_CREATE,
                    "can't make "
                            + e.getFile()
                            + " for the spool; as root run: install -d -m 1733 "
                            + spool
                            + " (or set sendmail.spool)");
        }
    }

    /// Whether it was this call that made it, and not one beside it.
    private static boolean makeOne(Path folder, FileAttribute<?> permissions) throws IOException {
        try {
            Files.createDirectory(folder, permissions);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    Path folder() {
        return folder;
    }

    /// Those that were handed over under a configuration that is not the usual one. They are apart,
    /// since it may name another Kafka.
    Spool of(@Nullable Path configuration) throws IOException {
        if (configuration == null) {
            return this;
        }
        var path = configuration.toAbsolutePath().normalize();
        if (path.equals(Sendmail.DEFAULT_CONFIG)) {
            return this;
        }
        var own = folder.resolve(URLEncoder.encode(path.toString(), UTF_8));
        makeOne(own, PRIVATE_FOLDER);
        return new Spool(own);
    }

    /// Those of the configurations that are not the usual one.
    List<Spool> others() throws IOException {
        var others = new ArrayList<Spool>();
        try (var stream = Files.newDirectoryStream(folder, "%2F*")) {
            stream.forEach(other -> others.add(new Spool(other)));
        }
        return others;
    }

    /// The configuration of one of [#others].
    String configuration() {
        return URLDecoder.decode(folder.getFileName().toString(), UTF_8);
    }

    /// Puts a mail on disk: after this it is there even if the machine falls. Nothing of it is left
    /// where that can't be done.
    void add(SpooledMail mail) throws IOException, NotTaken {
        var name = mail.at().toEpochMilli() + "-" + mail.id();
        var unfinished = folder.resolve(name + UNFINISHED);
        var file = folder.resolve(name + SUFFIX);
        try (var channel = FileChannel.open(unfinished, Set.of(CREATE_NEW, WRITE), PRIVATE_FILE)) {
            var bytes = ByteBuffer.wrap(mail.toBytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            // The name before the content: the disk then has both to write once. Should the machine
            // fall in between, the checksum tells.
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            channel.force(true);
            force(folder);
        } catch (AccessDeniedException e) {
            throw new NotTaken(
                    ExitCode.CONFIG, "can't write to " + folder + "; is it another user's?");
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /// A user could have made the folder of another before, to read what comes, or to have what is
    /// done in it done elsewhere, by links.
    private static void checkOwner(Path folder) throws IOException, NotTaken {
        var owner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        var me = me(folder);
        if (!owner.equals(me)) {
            throw new NotTaken(
                    ExitCode.CONFIG,
                    folder + " belongs to user " + owner + ", not to " + me + "; remove it");
        }
    }

    /// The owner of what this process makes.
    private static Object me(Path folder) throws IOException, NotTaken {
        if (Files.exists(SELF)) {
            return Files.getAttribute(SELF, "unix:uid");
        }
        try {
            var probe = Files.createTempFile(folder, "", UNFINISHED, PRIVATE_FILE);
            try {
                return Files.getAttribute(probe, "unix:uid");
            } finally {
                Files.delete(probe);
            }
        } catch (AccessDeniedException e) {
            throw new NotTaken(ExitCode.CONFIG, folder + " is another user's; remove it");
        }
    }

    private static void force(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, READ)) {
            channel.force(true);
        }
    }

    /// What was deleted is gone even if the machine falls: what came back weeks later would be
    /// another mail to workers.
    void forceDeletions() throws IOException {
        force(folder);
    }

    /// The files of the mails there are, the oldest first.
    List<Path> files() throws IOException {
        return files(folder);
    }

    /// The files of the mails that can't be published.
    List<Path> failed() throws IOException {
        var failed = folder.resolve(FAILED);
        return Files.isDirectory(failed) ? files(failed) : List.of();
    }

    /// Puts a mail aside for good, with the reason beside it: `failed/NAME.mail` and
    /// `failed/NAME.why`.
    void fail(Path file, String why) throws IOException {
        var failed = folder.resolve(FAILED);
        if (!Files.isDirectory(failed)) {
            Files.createDirectory(failed, PRIVATE_FOLDER);
        }
        var target = failed.resolve(file.getFileName());
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.writeString(why(target), why + "\n");
        } catch (IOException e) {
            // a full disk, say, which must not keep the mails behind this one
        }
    }

    /// The file that says why a mail failed.
    static Path why(Path failed) {
        var name = failed.getFileName().toString();
        return failed.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + ".why");
    }

    /// Whether somebody has started a process that publishes, which may not have the lock yet.
    boolean isDrainerStarting() throws IOException {
        try {
            long age =
                    InstantSource.system().millis()
                            - Files.getLastModifiedTime(folder.resolve(STARTED)).toMillis();
            return age >= 0 && age < LONGEST_START_MILLIS;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// For who holds the lock, and is about to start one.
    void markDrainerStarting() throws IOException {
        Files.write(folder.resolve(STARTED), new byte[] {'\n'});
    }

    /// Removes what calls that were killed have left.
    void tidy(Instant before) throws IOException {
        try (var stream = Files.newDirectoryStream(folder, "*" + UNFINISHED)) {
            for (var file : stream) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /// The lock of who publishes, closed to give it back; null where somebody has it.
    @Nullable Lock tryLock() throws IOException {
        var channel = FileChannel.open(folder.resolve("lock"), Set.of(CREATE, WRITE), PRIVATE_FILE);
        try {
            if (channel.tryLock() != null) {
                return new Lock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // somebody in this program has it
        }
        channel.close();
        return null;
    }

    /// Ends when it is closed, or with its process.
    record Lock(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        var files = new ArrayList<Path>();
        try (var stream = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            stream.forEach(files::add);
        }
        files.sort(null);
        return files;
    }
}
