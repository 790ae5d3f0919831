package io.kubra.addons.helm.library;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The shared library as a file: a process can only load one from disk, so it is unpacked once into
 * a folder that only its owner may write.
 */
final class LibraryFile {
  private LibraryFile() {}

  /** The name of the library for this machine, without its ending. */
  static String name() {
    String arch =
        switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          case String other -> throw new HelmException("Helm is not available for " + other);
        };
    return "helm-linux-" + arch;
  }

  /** The C header of the library. */
  static String header() throws IOException {
    try (InputStream in = resource(name() + ".h")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The library's file below the folder; unpacked if it is not there in full. */
  static Path unpacked(Path folder) throws IOException {
    Path home =
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    String source = name() + ".so";
    long size = size(source);
    // The size tells versions apart: no two builds of 100 MB have the same.
    Path file = home.resolve(name() + "-" + Long.toHexString(size) + ".so");
    if (Files.exists(file) && Files.size(file) == size) {
      return file;
    }
    Path part = Files.createTempFile(home, name(), ".part");
    try (InputStream in = resource(source)) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
    return file;
  }

  private static long size(String name) throws IOException {
    var url = LibraryFile.class.getClassLoader().getResource(name);
    return url == null ? 0 : url.openConnection().getContentLengthLong();
  }

  private static InputStream resource(String name) throws IOException {
    @Nullable InputStream in = LibraryFile.class.getClassLoader().getResourceAsStream(name);
    if (in == null) {
      throw new IOException("this build does not contain " + name);
    }
    return in;
  }
}
