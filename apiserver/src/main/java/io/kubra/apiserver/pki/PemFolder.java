package io.kubra.apiserver.pki;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A folder of PEM files that only their owner may read. Files are replaced as a whole or not. */
final class PemFolder {
  private static final String KEY_OF = "Key of public key SHA256:";
  private final Path folder;

  PemFolder(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new PkiException("cannot make folder " + folder + ": " + e.getMessage(), e);
    }
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  @Nullable String read(String name) {
    try {
      return Files.readString(path(name));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new PkiException("cannot read " + path(name) + ": " + e.getMessage(), e);
    }
  }

  void write(String name, String text) {
    Path temporary = path(name + ".new");
    try {
      Files.deleteIfExists(temporary);
      Files.createFile(
          temporary,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.write(StandardCharsets.US_ASCII.encode(text));
        channel.force(true);
      }
      Files.createDirectories(path(name).toAbsolutePath().getParent());
      Files.move(temporary, path(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new PkiException("cannot write " + path(name) + ": " + e.getMessage(), e);
    }
  }

  /** The credentials in name.crt and name.key, empty unless both are there and belong together. */
  Optional<Credentials> credentials(String name) {
    String certificate = read(name + ".crt");
    String key = read(name + ".key");
    if (certificate == null || key == null) {
      return Optional.empty();
    }
    try {
      Credentials found =
          new Credentials(PemText.certificates(certificate), PemText.privateKey(key));
      boolean match = belongsTo(key, found);
      return match ? Optional.of(found) : Optional.empty();
    } catch (PkiException e) {
      throw new PkiException(path(name + ".crt") + " or .key: " + e.getMessage(), e);
    }
  }

  /**
   * Whether the key file holds the certificate's key. Files written here name the public key in
   * front of the PEM block; only for others it takes a signature, which is slow in a cold process.
   */
  private static boolean belongsTo(String keyFile, Credentials found) {
    if (keyFile.startsWith(KEY_OF)) {
      return keyFile.startsWith(keyOf(found));
    }
    byte[] probe = {1};
    return Keys.verify(found.certificate().getPublicKey(), probe, Keys.sign(found.key(), probe));
  }

  private static String keyOf(Credentials credentials) {
    byte[] publicKey = credentials.certificate().getPublicKey().getEncoded();
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(publicKey);
      return KEY_OF + Base64.getEncoder().encodeToString(digest) + "\n";
    } catch (NoSuchAlgorithmException e) {
      throw new PkiException("this JDK knows no SHA-256", e);
    }
  }

  void write(String name, Credentials credentials) {
    write(name + ".key", keyOf(credentials) + credentials.keyPem());
    write(name + ".crt", credentials.certificatePem());
  }

  /** When the file was last changed; the epoch if it does not exist. */
  FileTime modified(String name) {
    try {
      return Files.getLastModifiedTime(path(name));
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
