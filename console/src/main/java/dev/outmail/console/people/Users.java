package dev.outmail.console.people;

import dev.outmail.console.web.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file of users: `NAME:ROLE:BCRYPT`, a line each. It is read again when it was changed by
/// hand. For many threads.
final class Users {
    private static final Logger log = LoggerFactory.getLogger(Users.class);

    private final Path file;
    private Map<String, User> users = Map.of();
    private @Nullable FileTime readAt;

    /// @throws UncheckedIOException when there is a file that can't be read
    Users(Path file) {
        this.file = file.toAbsolutePath();
        refresh();
    }

    synchronized Optional<User> find(String name) {
        refresh();
        return Optional.ofNullable(users.get(name));
    }

    synchronized List<User> all() {
        refresh();
        return List.copyOf(users.values());
    }

    boolean isEmpty() {
        return all().isEmpty();
    }

    synchronized void put(User user) {
        refresh();
        var changed = new TreeMap<>(users);
        changed.put(user.name(), user);
        write(changed);
    }

    /// False where that would leave nobody who may say who may log in.
    synchronized boolean remove(String name) {
        refresh();
        var changed = new TreeMap<>(users);
        changed.remove(name);
        return writeIfGoverned(changed);
    }

    /// Likewise.
    synchronized boolean giveRole(String name, Role role) {
        refresh();
        var changed = new TreeMap<>(users);
        changed.computeIfPresent(name, (same, user) -> new User(same, role, user.hash()));
        return writeIfGoverned(changed);
    }

    private boolean writeIfGoverned(Map<String, User> changed) {
        boolean governed = changed.values().stream().anyMatch(u -> u.role() == Role.ADMIN);
        if (governed) {
            write(changed);
        }
        return governed;
    }

    private void refresh() {
        try {
            var changedAt = Files.getLastModifiedTime(file);
            if (!changedAt.equals(readAt)) {
                users = parse(Files.readAllLines(file));
                readAt = changedAt;
            }
        } catch (NoSuchFileException e) {
            users = Map.of();
            readAt = null;
        } catch (IOException e) {
            throw new UncheckedIOException("the users' file " + file + " can't be read", e);
        }
    }

    private static Map<String, User> parse(List<String> lines) {
        var users = new TreeMap<String, User>();
        for (var line : lines) {
            var parts = line.strip().split(":", 3);
            var role = parts.length == 3 ? Role.of(parts[1]) : Optional.<Role>empty();
            if (role.isPresent() && User.isName(parts[0])) {
                users.put(parts[0], new User(parts[0], role.get(), parts[2]));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                log.warn("A line of the users' file is not NAME:ROLE:BCRYPT and is passed over");
            }
        }
        return users;
    }

    private void write(Map<String, User> changed) {
        try {
            var folder = file.getParent();
            Files.createDirectories(folder);
            var owner =
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"));
            var written = Files.createTempFile(folder, ".users", "", owner);
            Files.writeString(written, text(changed.values()));
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            readAt = Files.getLastModifiedTime(file);
            users = new TreeMap<>(changed);
        } catch (IOException e) {
            throw new UncheckedIOException("the users' file " + file + " can't be written", e);
        }
    }

    private static String text(Collection<User> users) {
        return users.stream()
                .map(user -> user.name() + ":" + user.role().written() + ":" + user.hash() + "\n")
                .collect(Collectors.joining());
    }
}
