package io.kubra.node.volume;

import io.kubra.node.system.MountTable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Removing folders, and giving them to a group. */
public final class Trees {
  private static final int TYPE = 0170000;
  private static final int FOLDER = 0040000;
  private static final int FILE = 0100000;

  private Trees() {}

  /** Deletes a folder with all it holds, following no links. */
  public static void delete(Path root) throws IOException {
    if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      for (Path child : children(root)) {
        delete(child);
      }
    }
    Files.deleteIfExists(root);
  }

  /** Deletes a folder after taking away everything mounted in it, so that no data goes with it. */
  public static void unmountAndDelete(Path root) throws IOException {
    MountTable.unmountBelow(root);
    delete(root);
  }

  /**
   * Lets a group use a folder and all it holds, as a volume's file group wants. Links are neither
   * changed nor followed, even if one takes the place of a file meanwhile: a pod that shares the
   * volume must not be able to hand out files of the node.
   */
  static void give(Path root, long group, boolean readOnly) throws IOException {
    Map<String, Object> found =
        Files.readAttributes(root, "unix:mode,gid", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) Objects.requireNonNull(found.get("mode"));
    boolean folder = (mode & TYPE) == FOLDER;
    if (!folder && (mode & TYPE) != FILE) {
      return;
    }
    int bits = mode & 07777;
    int wanted = bits | (readOnly ? 0440 : 0660) | (folder ? 02110 : 0);
    if ((Integer) Objects.requireNonNull(found.get("gid")) != group) {
      Files.setAttribute(root, "unix:gid", Math.toIntExact(group), LinkOption.NOFOLLOW_LINKS);
    }
    // Changing the group may have cleared bits.
    if (wanted != bits || (wanted & 06000) != 0) {
      Files.setAttribute(root, "unix:mode", wanted, LinkOption.NOFOLLOW_LINKS);
    }
    if (folder) {
      for (Path child : children(root)) {
        give(child, group, readOnly);
      }
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(children::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return children;
  }
}
