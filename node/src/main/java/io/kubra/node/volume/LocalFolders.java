package io.kubra.node.volume;

import io.kubra.node.system.MountTable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;

/**
 * The folders that stand for node-local volumes: one for each, directly below a root that only root
 * may enter. Removal walks by open folders and follows no link, so that nothing that lies in a
 * volume, or is put there meanwhile, leads it out of the root.
 */
public final class LocalFolders {
  private static final Pattern NAME =
      Pattern.compile("pvc-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int ANYBODY = 0777;

  private final Path root;

  /** Folders below a root, which is made when the first one is. */
  public LocalFolders(Path root) {
    this.root = root;
  }

  /** The folder they all lie in. */
  public Path root() {
    return root;
  }

  /** Makes the root, closed to everybody but root. */
  public void prepare() throws IOException {
    Files.createDirectories(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
  }

  /**
   * Makes a volume's folder, open to whatever user a container runs as; does nothing if it exists.
   *
   * @throws IOException if the name is not a volume's or the folder cannot be made
   */
  public void create(String name) throws IOException {
    Path folder = folder(name);
    prepare();
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(folder + " is not a directory", e);
      }
      return;
    }
    Files.setAttribute(folder, "unix:mode", ANYBODY);
  }

  /**
   * Removes a volume's folder and all it holds; does nothing if it is gone.
   *
   * @throws IOException if the name is not a volume's, something is mounted inside, or a file
   *     cannot be removed
   */
  public void delete(String name) throws IOException {
    Path folder = folder(name);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(folder);
      return;
    }
    if (!MountTable.below(folder).isEmpty()) {
      throw new IOException("something is mounted in " + folder);
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
      if (!(stream instanceof SecureDirectoryStream<Path> above)) {
        throw new IOException("this system cannot remove folders safely");
      }
      delete(above, Path.of(name));
    }
  }

  private static void delete(SecureDirectoryStream<Path> parent, Path name) throws IOException {
    try {
      try (SecureDirectoryStream<Path> folder =
          parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        for (Path entry : folder) {
          Path child = entry.getFileName();
          boolean directory =
              folder
                  .getFileAttributeView(
                      child, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                  .readAttributes()
                  .isDirectory();
          if (directory) {
            delete(folder, child);
          } else {
            folder.deleteFile(child);
          }
        }
      }
      parent.deleteDirectory(name);
    } catch (NoSuchFileException e) {
      // Gone already.
    }
  }

  private Path folder(String name) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IOException("\"" + name + "\" is not the name of a provisioned volume");
    }
    return root.resolve(name);
  }
}
