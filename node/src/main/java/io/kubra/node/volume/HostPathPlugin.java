package io.kubra.node.volume;

import io.kubra.model.core.v1.HostPathVolumeSource;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A file or folder of the node itself. */
final class HostPathPlugin implements VolumePlugin {
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;
  private static final int BLOCK = 0060000;
  private static final int CHARACTER = 0020000;

  @Override
  public boolean handles(Volume volume) {
    return volume.hostPath() != null;
  }

  @Override
  public MountedVolume mount(Pod pod, Volume volume) throws VolumeException, IOException {
    return new MountedVolume(check(Objects.requireNonNull(volume.hostPath())), false);
  }

  /** Checks that the path is what the source says, creating what it says to create. */
  static Path check(HostPathVolumeSource source) throws VolumeException, IOException {
    Path path = Path.of(source.path());
    String type = Objects.requireNonNullElse(source.type(), "");
    switch (type) {
      case "" -> {}
      case "DirectoryOrCreate" -> {
        if (!Files.exists(path)) {
          Files.createDirectories(path);
          Files.setAttribute(path, "unix:mode", 0755);
        }
        require(Files.isDirectory(path), path, "a directory");
      }
      case "Directory" -> require(Files.isDirectory(path), path, "a directory");
      case "FileOrCreate" -> {
        if (!Files.exists(path)) {
          Files.createFile(path);
          Files.setAttribute(path, "unix:mode", 0644);
        }
        require(Files.isRegularFile(path), path, "a file");
      }
      case "File" -> require(Files.isRegularFile(path), path, "a file");
      case "Socket" -> require(type(path) == SOCKET, path, "a socket file");
      case "CharDevice" -> require(type(path) == CHARACTER, path, "a character device");
      case "BlockDevice" -> require(type(path) == BLOCK, path, "a block device");
      default -> throw new VolumeException(type + " is an invalid volume type");
    }
    return path;
  }

  private static int type(Path path) throws IOException {
    return Files.exists(path) ? (Integer) Files.getAttribute(path, "unix:mode") & TYPE : 0;
  }

  private static void require(boolean met, Path path, String what) throws VolumeException {
    if (!met) {
      throw new VolumeException("hostPath type check failed: " + path + " is not " + what);
    }
  }
}
