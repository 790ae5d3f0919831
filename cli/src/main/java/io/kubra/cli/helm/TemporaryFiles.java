package io.kubra.cli.helm;

import io.kubra.addons.files.FolderTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    try {
      FolderTree.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
