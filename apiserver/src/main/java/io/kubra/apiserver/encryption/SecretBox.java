package io.kubra.apiserver.encryption;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** NaCl's secretbox, XSalsa20 and Poly1305: the nonce, the tag, the encrypted bytes. */
final class SecretBox implements Provider.Cipher {
  private static final int NONCE = 24;
  private static final int TAG = 16;
  private static final int MAC_KEY = 32;

  private final byte[] key;
  private final SecureRandom random = new SecureRandom();

  SecretBox(byte[] key) {
    this.key = key.clone();
  }

  @Override
  public byte[] encrypt(byte[] plain, byte[] context) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    return seal(plain, nonce);
  }

  byte[] seal(byte[] plain, byte[] nonce) {
    byte[] out = Arrays.copyOf(nonce, NONCE + TAG + plain.length);
    XSalsa20Engine stream = stream(true, nonce);
    byte[] macKey = macKey(stream);
    stream.processBytes(plain, 0, plain.length, out, NONCE + TAG);
    byte[] tag = tag(macKey, out, NONCE + TAG);
    System.arraycopy(tag, 0, out, NONCE, TAG);
    return out;
  }

  @Override
  public byte[] decrypt(byte[] kept, int from, byte[] context) {
    int start = from + NONCE + TAG;
    if (kept.length < start) {
      throw new UndecryptableException("the stored data was shorter than the required size", null);
    }
    XSalsa20Engine stream = stream(false, Arrays.copyOfRange(kept, from, from + NONCE));
    byte[] tag = tag(macKey(stream), kept, start);
    byte[] found = Arrays.copyOfRange(kept, from + NONCE, start);
    if (!MessageDigest.isEqual(tag, found)) {
      throw new UndecryptableException("the key does not fit, or the data was changed", null);
    }
    byte[] plain = new byte[kept.length - start];
    stream.processBytes(kept, start, plain.length, plain, 0);
    return plain;
  }

  private XSalsa20Engine stream(boolean encrypting, byte[] nonce) {
    XSalsa20Engine stream = new XSalsa20Engine();
    stream.init(encrypting, new ParametersWithIV(new KeyParameter(key), nonce));
    return stream;
  }

  /** The first bytes of the key stream authenticate the rest. */
  private static byte[] macKey(XSalsa20Engine stream) {
    byte[] macKey = new byte[MAC_KEY];
    stream.processBytes(macKey, 0, MAC_KEY, macKey, 0);
    return macKey;
  }

  private static byte[] tag(byte[] macKey, byte[] data, int from) {
    Poly1305 mac = new Poly1305();
    mac.init(new KeyParameter(macKey));
    mac.update(data, from, data.length - from);
    byte[] tag = new byte[TAG];
    mac.doFinal(tag, 0);
    return tag;
  }
}
