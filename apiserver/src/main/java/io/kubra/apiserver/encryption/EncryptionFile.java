package io.kubra.apiserver.encryption;

import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.apiserver.file.FollowedFile;
import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.MetricRegistry;
import io.kubra.store.Durability;
import io.kubra.store.RevisionMismatchException;
import io.kubra.store.Store;
import io.kubra.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of an EncryptionConfiguration, followed while the server runs: when it changes, the
 * store uses it and older values are written anew. A file that has become wrong is reported and the
 * last good one stays in force.
 */
public final class EncryptionFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EncryptionFile.class);

  /** Outside of what objects are kept under. */
  private static final String NOTE = "/kubra/encryption";

  /**
   * In JSON, which is YAML too and is read without a parser that every start would have to load.
   */
  private static final String DEFAULT =
      """
      {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "EncryptionConfiguration",
        "resources": [
          {
            "resources": ["secrets"],
            "providers": [
              {"aesgcm": {"keys": [{"name": "key1", "secret": "%s"}]}},
              {"identity": {}}
            ]
          }
        ]
      }
      """;

  private final Path file;
  private final EncryptedStore store;
  private final CounterFamily reloads;
  private final FollowedFile follower;

  private EncryptionFile(
      Path file, byte[] content, EncryptedStore store, Duration interval, MetricRegistry metrics) {
    this.file = file;
    this.store = store;
    reloads =
        metrics.counter(
            "apiserver_encryption_config_controller_automatic_reloads_total",
            "Total number of reload successes and failures of encryption configuration.",
            "status");
    follower = new FollowedFile(file, content, interval, this::take);
  }

  /**
   * Encrypts what a store keeps from now on.
   *
   * @param interval how often the file is looked at
   * @throws IllegalArgumentException if the file cannot be read or is wrong
   */
  public static EncryptionFile open(
      Path file, Store store, Duration interval, MetricRegistry metrics) {
    try {
      byte[] content = Files.readAllBytes(file);
      EncryptedStore encrypted = new EncryptedStore(store, parse(content));
      return new EncryptionFile(file, content, encrypted, interval, metrics);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e, e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Makes a file that has Secrets encrypted with a new key, which only its owner may read; values
   * that are not encrypted yet can still be read. A file that exists is left as it is. The store
   * notes that there is a key, so that servers that share it do not make several.
   *
   * @throws IllegalArgumentException if the cluster has a key already
   */
  public static void createIfMissing(Path file, Store store) {
    if (Files.exists(file)) {
      return;
    }
    // until the note is there, the key is nobody's; one that a crash left behind is taken up again
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      boolean leftBehind = Files.exists(fresh);
      if (!leftBehind) {
        writeNewKey(fresh);
      }
      if (!noted(store) && !leftBehind) {
        Files.delete(fresh);
        throw new IllegalArgumentException(
            "%s is missing, but Secrets of this cluster are encrypted: put it back, or copy it from another server of the cluster"
                .formatted(file));
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot write " + file + ": " + e, e);
    }
  }

  /** Notes that there is a key; false if that was noted before. */
  private static boolean noted(Store store) {
    try {
      store.put(NOTE, new byte[] {1}, Store.ABSENT, Durability.DURABLE);
      return true;
    } catch (RevisionMismatchException e) {
      return false;
    }
  }

  private static void writeNewKey(Path file) throws IOException {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    String text = DEFAULT.formatted(Base64.getEncoder().encodeToString(key));
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(StandardCharsets.US_ASCII.encode(text));
      channel.force(true);
    }
  }

  private static EncryptionConfig parse(byte[] content) {
    boolean json = content.length > 0 && content[0] == '{';
    return EncryptionConfig.of(json ? Json.parseObject(content) : Yaml.parseObject(content));
  }

  /** The store that encrypts. */
  public EncryptedStore store() {
    return store;
  }

  /** Begins to follow the file; older values are written anew. */
  public void start() {
    Thread.ofVirtual().name("encryption-rewrite").start(this::rewrite);
    follower.start();
  }

  private void take(byte[] content) {
    try {
      store.configure(parse(content));
      reloads.with("success").increment();
    } catch (RuntimeException e) {
      reloads.with("failure").increment();
      throw e;
    }
    rewrite();
  }

  private void rewrite() {
    try {
      int count = store.rewrite();
      if (count > 0) {
        log.info("{} stored objects were written with the first provider of {}", count, file);
      }
    } catch (StoreException e) {
      log.error(
          "not all objects could be written with the first provider of {}: {}",
          file,
          e.getMessage());
    }
  }

  @Override
  public void close() {
    follower.close();
  }
}
