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

/** Removing folders, and giving them to a group. */
public final class Trees {
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

  /** Lets a group use a folder and all it holds, as a volume's file group wants. */
  static void give(Path root, long group, boolean readOnly) throws IOException {
    if (Files.isSymbolicLink(root)) {
      return;
    }
    boolean folder = Files.isDirectory(root);
    int mode = (Integer) Files.getAttribute(root, "unix:mode") & 07777;
    int wanted = mode | (readOnly ? 0440 : 0660) | (folder ? 02110 : 0);
    if ((Integer) Files.getAttribute(root, "unix:gid") != group) {
      Files.setAttribute(root, "unix:gid", Math.toIntExact(group));
    }
    Files.setAttribute(root, "unix:mode", wanted);
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
