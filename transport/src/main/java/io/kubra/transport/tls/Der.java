package io.kubra.transport.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** As much DER as it takes to wrap old key formats into PKCS#8. */
final class Der {
  private static final int CONTEXT_0 = 0xa0;
  private static final byte OCTET_STRING = 0x04;

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return element(0x30, parts);
  }

  static byte[] integer(int small) {
    return element(0x02, new byte[] {(byte) small});
  }

  static byte[] octets(byte[] content) {
    return element(0x04, content);
  }

  static byte[] bits(byte[] content) {
    return element(0x03, new byte[] {0}, content);
  }

  static byte[] nullValue() {
    return element(0x05);
  }

  static byte[] oid(int... encoded) {
    byte[] content = new byte[encoded.length];
    for (int i = 0; i < encoded.length; i++) {
      content[i] = (byte) encoded[i];
    }
    return element(0x06, content);
  }

  /**
   * The curve's name inside a SEC1 key: SEQUENCE { version, key, [0] { OID }, … }. Where the
   * optional name is left out, the length of the key tells which of the NIST curves it is.
   */
  static byte[] sec1Curve(byte[] sec1) {
    try {
      int at = contentStart(sec1, 0);
      int end = at + contentLength(sec1, 0);
      int keyLength = 0;
      while (at < end) {
        int start = contentStart(sec1, at);
        int length = contentLength(sec1, at);
        if ((sec1[at] & 0xff) == CONTEXT_0) {
          return Arrays.copyOfRange(sec1, start, start + length);
        }
        if (sec1[at] == OCTET_STRING) {
          keyLength = length;
        }
        at = start + length;
      }
      return curveOfLength(keyLength);
    } catch (IndexOutOfBoundsException e) {
      throw new PemException("malformed EC private key", e);
    }
  }

  private static byte[] curveOfLength(int keyLength) {
    return switch (keyLength) {
      case 32 -> oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07);
      case 48 -> oid(0x2b, 0x81, 0x04, 0x00, 0x22);
      case 66 -> oid(0x2b, 0x81, 0x04, 0x00, 0x23);
      default -> throw new PemException("the EC private key does not name its curve");
    };
  }

  private static int contentStart(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int contentLength(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = length << 8 | (der[at + 2 + i] & 0xff);
    }
    return length;
  }

  private static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
      out.write(0x80 | bytes);
      for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
        out.write(length >> shift);
      }
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
