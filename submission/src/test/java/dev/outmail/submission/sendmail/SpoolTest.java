package dev.outmail.submission.sendmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.outmail.mail.FinishedMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final String ME = System.getProperty("user.name");

    @TempDir Path temporary;

    private Path root() {
        return temporary.resolve("spool");
    }

    private Spool open() throws Exception {
        return Spool.open(root());
    }

    static SpooledMail mail(String id, Instant at) {
        var message = FinishedMessage.of("Subject: s\n\nHello\n".getBytes(UTF_8));
        return new SpooledMail(
                id, at, "/sendmail", "default", null, List.of("ada@example.org"), message);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void oneUsersMailIsNotForOthers() throws Exception {
        var spool = open();
        spool.add(mail("1", Instant.EPOCH));

        assertThat(Files.getAttribute(root(), "unix:mode")).isEqualTo(0041733);
        assertThat(mode(spool.folder())).isEqualTo("rwx------");
        assertThat(mode(spool.files().getFirst())).isEqualTo("rw-------");
        assertThat(spool.folder()).isEqualTo(root().resolve(ME));
    }

    @Test
    void whoHasANumberOnlyHasAFolderOfThatNumber() throws Exception {
        var uid = Files.getAttribute(Files.createFile(temporary.resolve("mine")), "unix:uid");

        assertThat(Spool.user("?")).isEqualTo("" + uid);
        assertThat(Spool.user("ada")).isEqualTo("ada");
    }

    @Test
    void eachConfigurationHasItsMailsApart() throws Exception {
        var spool = open();
        var shop = spool.of(temporary.resolve("shop.properties"));
        shop.add(mail("1", Instant.EPOCH));

        assertThat(spool.files()).isEmpty();
        assertThat(spool.of(temporary.resolve("blog.properties")).files()).isEmpty();
        assertThat(spool.of(temporary.resolve("x/../shop.properties")).files()).hasSize(1);
        assertThat(mode(shop.folder())).isEqualTo("rwx------");
        assertThat(spool.of(null).folder()).isEqualTo(spool.folder());
        assertThat(spool.of(Sendmail.DEFAULT_CONFIG).folder()).isEqualTo(spool.folder());
        assertThat(spool.others())
                .extracting(Spool::configuration)
                .containsExactlyInAnyOrder(
                        temporary.resolve("shop.properties").toString(),
                        temporary.resolve("blog.properties").toString());
    }

    @Test
    void theOldestMailComesFirst() throws Exception {
        var spool = open();
        var now = Instant.parse("2026-11-29T09:30:00Z");
        spool.add(mail("b", now.plusMillis(1)));
        spool.add(mail("a", now.plusSeconds(1)));
        spool.add(mail("c", now));

        assertThat(spool.files())
                .extracting(file -> SpooledMail.read(Files.readAllBytes(file)).orElseThrow().id())
                .containsExactly("c", "b", "a");
    }

    @Test
    void aMailThatCanNotBeWrittenLeavesNothing() throws Exception {
        var spool = open();
        spool.add(mail("1", Instant.EPOCH));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> spool.add(mail("no/such/folder", Instant.EPOCH)));

        assertThat(spool.folder()).isDirectoryNotContaining("glob:**.tmp");
        assertThat(spool.files()).hasSize(1);
    }

    @Test
    void aFolderThatAnotherUserMadeIsNotUsed() throws Exception {
        assumeThat(ME).isEqualTo("root");
        Files.createDirectories(root().resolve(ME));
        Files.setAttribute(root().resolve(ME), "unix:uid", 65_534);

        assertThatExceptionOfType(NotTaken.class)
                .isThrownBy(this::open)
                .withMessageContaining("belongs to")
                .extracting(NotTaken::exitCode)
                .isEqualTo(ExitCode.CONFIG);

        assertThat(root().resolve(ME)).isEmptyDirectory();
    }

    /// Where it leads, links in it would be another's, too.
    @Test
    void anothersLinkInTheFoldersPlaceIsNotFollowed() throws Exception {
        assumeThat(ME).isEqualTo("root");
        Files.createDirectories(root());
        var elsewhere = Files.createDirectory(root().resolve("elsewhere"));
        var link = Files.createSymbolicLink(root().resolve(ME), elsewhere);
        Files.setAttribute(link, "unix:uid", 65_534, LinkOption.NOFOLLOW_LINKS);

        assertThatExceptionOfType(NotTaken.class)
                .isThrownBy(this::open)
                .withMessageContaining("belongs to");
    }

    @Test
    void whileADrainerStartsNoOtherIsStarted() throws Exception {
        var spool = open();
        assertThat(spool.isDrainerStarting()).isFalse();

        spool.markDrainerStarting();
        assertThat(spool.isDrainerStarting()).isTrue();

        var mark = spool.folder().resolve("started");
        var now = Files.getLastModifiedTime(mark).toMillis();
        Files.setLastModifiedTime(mark, FileTime.fromMillis(now - 6_000));
        assertThat(spool.isDrainerStarting()).isFalse();
        Files.setLastModifiedTime(mark, FileTime.fromMillis(now + 3_600_000));
        assertThat(spool.isDrainerStarting()).isFalse();
    }

    @Test
    void aSpoolThatCanNotBeMadeIsSaidWithWhatToDo() {
        var nowhere = temporary.resolve("no").resolve("such");

        assertThatExceptionOfType(NotTaken.class)
                .isThrownBy(() -> Spool.open(nowhere))
                .withMessageContaining("install -d -m 1733 " + nowhere)
                .extracting(NotTaken::exitCode)
                .isEqualTo(ExitCode.CANT_CREATE);
    }

    @Test
    void oneAtATimeHasTheLock() throws Exception {
        var spool = open();

        try (var lock = spool.tryLock()) {
            assertThat(lock).isNotNull();
            assertThat(spool.tryLock()).isNull();
        }

        try (var again = spool.tryLock()) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void whatKilledCallsLeaveIsRemovedInTime() throws Exception {
        var spool = open();
        var now = Instant.now();
        var old = Files.createFile(spool.folder().resolve("1-1.tmp"));
        var recent = Files.createFile(spool.folder().resolve("2-2.tmp"));
        Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofHours(2))));

        spool.tidy(now.minus(Duration.ofHours(1)));

        assertThat(old).doesNotExist();
        assertThat(recent).exists();
        assertThat(spool.files()).isEmpty();
    }
}
