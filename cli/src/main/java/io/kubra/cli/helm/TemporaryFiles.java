package io.kubra.cli.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files that only this user can read and that end with the command. */
final class TemporaryFiles implements AutoCloseable {
  private @Nullable Path folder;
  private int count;

  /** A folder of its own. */
  Path folder() {
    try {
      if (folder == null) {
        folder = Files.createTempDirectory("kubra-helm");
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path of a new file with the text. */
  String holding(String text) {
    try {
      return Files.writeString(folder().resolve("file" + count++), text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
