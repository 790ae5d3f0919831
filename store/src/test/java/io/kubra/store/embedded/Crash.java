package io.kubra.store.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes directories look as crashes leave them. */
final class Crash {
  private Crash() {}

  /**
   * Copies the files of a store that is open but not being written to. Snapshots first: they may
   * appear, and the segments before them vanish, at any time.
   */
  static void copy(Path from, Path to) throws IOException {
    while (true) {
      Files.createDirectories(to);
      try {
        for (String pattern : new String[] {"snapshot-*", "log-*"}) {
          for (Path file : list(from, pattern)) {
            if (!file.toString().endsWith(".tmp")) {
              Files.copy(file, to.resolve(file.getFileName()));
            }
          }
        }
        if (names(from).equals(names(to))) {
          return;
        }
      } catch (NoSuchFileException e) {
        // a snapshot has made it unnecessary
      }
      for (Path file : list(to, "*")) {
        Files.delete(file);
      }
    }
  }

  /** Cuts the last segment at a random place, or writes noise from there on. */
  static void tearOff(Path directory, Random random) throws IOException {
    Path last = list(directory, "log-*").getLast();
    try (FileChannel channel = FileChannel.open(last, StandardOpenOption.WRITE)) {
      long at = random.nextLong(64, channel.size() + 1);
      if (random.nextBoolean()) {
        channel.truncate(at);
      } else {
        byte[] noise = new byte[(int) (channel.size() - at)];
        random.nextBytes(noise);
        channel.write(ByteBuffer.wrap(noise), at);
      }
    }
  }

  static List<Path> list(Path directory, String pattern) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, pattern)) {
      found.forEach(files::add);
    }
    files.sort(null);
    return files;
  }

  private static List<String> names(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    for (String pattern : new String[] {"snapshot-*", "log-*"}) {
      for (Path file : list(directory, pattern)) {
        if (!file.toString().endsWith(".tmp")) {
          names.add(file.getFileName().toString());
        }
      }
    }
    return names;
  }
}
