package io.kubra.cli.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The files that tell of a machine. What is not there reads as empty, since kernels and machines
 * differ in what they tell.
 *
 * @param root the folder that stands for {@code /}
 */
public record HostFiles(Path root) {
  /** This machine. */
  public static HostFiles local() {
    return new HostFiles(Path.of("/"));
  }

  private Path at(String path) {
    return root.resolve(path.substring(1));
  }

  /** Whether the file or folder exists. */
  public boolean exists(String path) {
    return Files.exists(at(path));
  }

  /** The file's text without the white space around it; empty if it cannot be read. */
  public String read(String path) {
    try {
      // Not readString: files below /proc/sys answer only the first of several reads.
      return String.join("\n", Files.readAllLines(at(path), StandardCharsets.ISO_8859_1)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** The lines of a file, compressed if its name ends so. */
  public List<String> lines(String path) {
    if (!path.endsWith(".gz")) {
      return read(path).lines().toList();
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(at(path)))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The number in a file; the other value if there is none. */
  public long number(String path, long otherwise) {
    try {
      return Long.parseLong(read(path));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** The names in a folder, sorted. */
  public List<String> names(String folder) {
    try (Stream<Path> files = Files.list(at(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
