package io.kubra.addons.helm.render;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Reads chart archives: tar files packed with gzip. Entries that lead out of the folder are
 * refused.
 */
public final class ChartArchive {
  private static final int BLOCK = 512;
  private static final long LARGEST = 100L << 20;

  private ChartArchive() {}

  /**
   * Unpacks an archive into a folder, which is made if it is not there.
   *
   * @throws IOException if the archive is broken, unsafe or unpacks to more than 100 MiB
   */
  public static void unpack(InputStream archive, Path folder) throws IOException {
    Files.createDirectories(folder);
    Path home = folder.toAbsolutePath().normalize();
    read(archive, (name, data) -> write(home, name, data));
  }

  /**
   * A file of the chart's own folder, such as {@code Chart.yaml}.
   *
   * @throws IOException if the archive is broken or does not hold it
   */
  public static byte[] topFile(InputStream archive, String name) throws IOException {
    Map<String, byte[]> found = new HashMap<>();
    read(
        archive,
        (path, data) -> {
          if (path.matches("[^/]+/" + Pattern.quote(name))) {
            found.put(name, data);
          }
        });
    byte[] data = found.get(name);
    if (data == null) {
      throw new IOException("the archive holds no " + name);
    }
    return data;
  }

  private interface Entry {
    void accept(String name, byte[] data) throws IOException;
  }

  private static void read(InputStream archive, Entry entry) throws IOException {
    long total = 0;
    String longName = "";
    try (DataInputStream in = new DataInputStream(new GZIPInputStream(archive))) {
      byte[] header = new byte[BLOCK];
      while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
        long size = octal(header, 124, 12);
        total += size;
        if (size < 0 || total > LARGEST) {
          throw new IOException("the archive is larger than " + LARGEST + " bytes");
        }
        byte[] data = in.readNBytes((int) size);
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        switch (header[156]) {
          case 'L' -> longName = string(data, 0, data.length);
          case 'x' -> longName = paxPath(data, longName);
          case 0, '0' -> {
            entry.accept(longName.isEmpty() ? name(header) : longName, data);
            longName = "";
          }
          default -> longName = "";
        }
      }
    }
  }

  private static void write(Path home, String name, byte[] data) throws IOException {
    Path file = home.resolve(name).normalize();
    if (!file.startsWith(home) || file.equals(home)) {
      throw new IOException("the archive has an entry outside of it: " + name);
    }
    Files.createDirectories(file.getParent());
    Files.write(file, data);
  }

  private static String name(byte[] header) {
    String prefix = string(header, 345, 155);
    String name = string(header, 0, 100);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /** The path of an extended header, whose lines are {@code LENGTH KEY=VALUE}. */
  private static String paxPath(byte[] data, String otherwise) {
    for (String line : new String(data, StandardCharsets.UTF_8).split("\n", -1)) {
      int key = line.indexOf(" path=");
      if (key > 0) {
        return line.substring(key + " path=".length());
      }
    }
    return otherwise;
  }

  private static String string(byte[] bytes, int offset, int length) {
    int end = offset;
    while (end < offset + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static long octal(byte[] header, int offset, int length) throws IOException {
    String text = string(header, offset, length).strip();
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text, 8);
    } catch (NumberFormatException e) {
      throw new IOException("the archive is broken", e);
    }
  }
}
