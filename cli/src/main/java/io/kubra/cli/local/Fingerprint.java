package io.kubra.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Tells whether a process was started with what it would be started with now. */
final class Fingerprint {
  private Fingerprint() {}

  /** Of a command and of the files in a folder. */
  static String of(List<String> command, Path folder) {
    MessageDigest digest = sha256();
    add(digest, String.join("\0", command).getBytes(StandardCharsets.UTF_8));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        add(digest, folder.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        add(digest, Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of a text. */
  static String of(byte[] text) {
    return HexFormat.of().formatHex(sha256().digest(text));
  }

  /** The one that was written, or an empty text. */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  static void write(Path file, String fingerprint) {
    try {
      Files.writeString(file, fingerprint);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    // The length before the bytes keeps neighbours apart.
    digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
