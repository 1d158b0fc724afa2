package dev.outmail.console.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.console.web.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersTest {
    private final Passwords passwords = new Passwords(4);

    @TempDir private Path folder = Path.of("");

    @Test
    void whatIsWrittenIsReadByTheNextAndByNobodyElse() throws IOException {
        var file = folder.resolve("users");
        new Users(file).put(new User("ada", Role.ADMIN, passwords.hash("a long password")));

        var ada = new Users(file).find("ada");

        assertThat(ada).isPresent();
        assertThat(passwords.isOf(ada, "a long password")).isTrue();
        assertThat(passwords.isOf(ada, "another password")).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).startsWith("ada:admin:$2a$04$").doesNotContain("long");
    }

    @Test
    void aChangeByHandCountsAtOnce() throws IOException {
        var file = folder.resolve("users");
        var users = new Users(file);
        users.put(new User("ada", Role.ADMIN, "x"));
        Files.writeString(file, "# ours\nbob:viewer:y\nnonsense\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(users.find("ada")).isEmpty();
        assertThat(users.find("bob")).map(User::role).contains(Role.VIEWER);
    }

    @Test
    void theLastAdminStays() {
        var users = new Users(folder.resolve("users"));
        users.put(new User("ada", Role.ADMIN, "x"));
        users.put(new User("bob", Role.VIEWER, "y"));

        assertThat(users.remove("ada")).isFalse();
        assertThat(users.giveRole("ada", Role.OPERATOR)).isFalse();
        assertThat(users.remove("bob")).isTrue();
        assertThat(users.all()).hasSize(1);
    }

    @Test
    void whoIsNobodyHasNoPassword() {
        assertThat(passwords.isOf(Optional.empty(), "nobody has this password")).isFalse();
    }
}
