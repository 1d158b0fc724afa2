package dev.outmail.systemtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/// The clone that these tests are part of.
final class Checkout {
    static final Path ROOT = find(Path.of("").toAbsolutePath());

    private Checkout() {}

    private static Path find(Path from) {
        for (Path folder = from; folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("outmail"))
                    && Files.exists(folder.resolve("cli"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no clone of Outmail above " + from);
    }

    /// What `mvn package` leaves in the module `dist`.
    static Path releaseArchive() {
        var target = ROOT.resolve("dist").resolve("target");
        try (var archives = Files.newDirectoryStream(target, "outmail-*.tar.gz")) {
            return archives.iterator().next();
        } catch (IOException | NoSuchElementException e) {
            throw new IllegalStateException(
                    "there is no release archive in " + target + "; run: mvn package", e);
        }
    }

    /// The shell commands that the README shows under a heading, a text for each block.
    static List<String> readmeCommands(String heading) {
        var blocks = new ArrayList<String>();
        var block = new StringBuilder();
        boolean inside = false;
        for (var line : section(heading)) {
            if (line.equals("```sh")) {
                inside = true;
            } else if (line.equals("```") && inside) {
                blocks.add(block.toString());
                block.setLength(0);
                inside = false;
            } else if (inside) {
                block.append(line).append('\n');
            }
        }
        return blocks;
    }

    private static List<String> section(String heading) {
        try (Stream<String> lines = Files.lines(ROOT.resolve("README.md"))) {
            return lines.dropWhile(line -> !line.equals(heading))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("##"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
