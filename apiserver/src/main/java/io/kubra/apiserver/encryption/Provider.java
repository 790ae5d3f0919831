package io.kubra.apiserver.encryption;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One way of keeping values: a cipher with one key, or as they are. Called concurrently.
 *
 * @param prefix what values of this kind begin with, by which they are told from others
 * @param cipher turns values into what is kept and back
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Provider(byte[] prefix, Cipher cipher) {
  /** What all values begin with that are encrypted in any way. */
  static final byte[] ENCRYPTED = "k8s:enc:".getBytes(StandardCharsets.US_ASCII);

  /** Keeps values as they are. */
  static final Provider IDENTITY =
      new Provider(
          new byte[0],
          new Cipher() {
            @Override
            public byte[] encrypt(byte[] plain, byte[] context) {
              return plain;
            }

            @Override
            public byte[] decrypt(byte[] kept, int from, byte[] context) {
              return kept;
            }
          });

  /** Encrypts and decrypts with one key. */
  interface Cipher {
    /**
     * @param context what the value belongs to; a value moved elsewhere cannot be decrypted
     */
    byte[] encrypt(byte[] plain, byte[] context);

    /**
     * @param from where the encrypted bytes begin
     * @throws UndecryptableException if this is another key's, or was changed
     */
    byte[] decrypt(byte[] kept, int from, byte[] context);
  }

  /** A cipher's provider, by its name and version and the name of its key. */
  static Provider of(String kind, String keyName, Cipher cipher) {
    String text = "k8s:enc:" + kind + ":v1:" + keyName + ":";
    return new Provider(text.getBytes(StandardCharsets.UTF_8), cipher);
  }

  boolean identity() {
    return prefix.length == 0;
  }

  /** Whether a value was kept by this provider. */
  boolean reads(byte[] kept) {
    return identity() ? !startsWith(kept, ENCRYPTED) : startsWith(kept, prefix);
  }

  byte[] keep(byte[] plain, String key) {
    if (identity()) {
      return plain;
    }
    byte[] encrypted = cipher.encrypt(plain, key.getBytes(StandardCharsets.UTF_8));
    byte[] kept = Arrays.copyOf(prefix, prefix.length + encrypted.length);
    System.arraycopy(encrypted, 0, kept, prefix.length, encrypted.length);
    return kept;
  }

  byte[] read(byte[] kept, String key) {
    return identity()
        ? kept
        : cipher.decrypt(kept, prefix.length, key.getBytes(StandardCharsets.UTF_8));
  }

  static boolean startsWith(byte[] value, byte[] prefix) {
    return value.length >= prefix.length
        && Arrays.equals(value, 0, prefix.length, prefix, 0, prefix.length);
  }
}
