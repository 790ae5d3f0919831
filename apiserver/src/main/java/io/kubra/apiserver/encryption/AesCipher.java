package io.kubra.apiserver.encryption;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in one of the two modes that upstream knows: nonce or IV first, then the encrypted bytes. */
final class AesCipher implements Provider.Cipher {
  private static final int TAG_BITS = 128;

  /** Mode and the length of what makes two encryptions of the same value differ. */
  enum Mode {
    /** With padding after PKCS #7; changes are not noticed. */
    CBC("AES/CBC/PKCS5Padding", 16),
    /** Changed values are refused. A key is good for some billion writes. */
    GCM("AES/GCM/NoPadding", 12);

    private final String transformation;
    private final int nonceLength;

    Mode(String transformation, int nonceLength) {
      this.transformation = transformation;
      this.nonceLength = nonceLength;
    }
  }

  private final Mode mode;
  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  AesCipher(Mode mode, byte[] key) {
    this.mode = mode;
    this.key = new SecretKeySpec(key, "AES");
  }

  @Override
  public byte[] encrypt(byte[] plain, byte[] context) {
    byte[] nonce = new byte[mode.nonceLength];
    random.nextBytes(nonce);
    try {
      javax.crypto.Cipher cipher = cipher(javax.crypto.Cipher.ENCRYPT_MODE, nonce, context);
      byte[] out = Arrays.copyOf(nonce, nonce.length + cipher.getOutputSize(plain.length));
      int length = cipher.doFinal(plain, 0, plain.length, out, nonce.length);
      return nonce.length + length == out.length ? out : Arrays.copyOf(out, nonce.length + length);
    } catch (GeneralSecurityException e) {
      throw new UndecryptableException("cannot encrypt: " + e.getMessage(), e);
    }
  }

  @Override
  public byte[] decrypt(byte[] kept, int from, byte[] context) {
    if (kept.length - from < mode.nonceLength) {
      throw new UndecryptableException("the stored data was shorter than the required size", null);
    }
    byte[] nonce = Arrays.copyOfRange(kept, from, from + mode.nonceLength);
    int start = from + nonce.length;
    try {
      return cipher(javax.crypto.Cipher.DECRYPT_MODE, nonce, context)
          .doFinal(kept, start, kept.length - start);
    } catch (GeneralSecurityException e) {
      throw new UndecryptableException("the key does not fit, or the data was changed", e);
    }
  }

  private javax.crypto.Cipher cipher(int direction, byte[] nonce, byte[] context)
      throws GeneralSecurityException {
    javax.crypto.Cipher cipher = javax.crypto.Cipher.getInstance(mode.transformation);
    switch (mode) {
      case CBC -> cipher.init(direction, key, new IvParameterSpec(nonce));
      case GCM -> {
        cipher.init(direction, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
      }
    }
    return cipher;
  }
}
