package io.kubra.apiserver.pki;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads DER elements one after the other. Input comes from clients: whatever is malformed ends in
 * an {@link IllegalArgumentException}.
 */
final class DerReader {
  private final byte[] data;
  private final int end;
  private int position;

  DerReader(byte[] data) {
    this(data, 0, data.length);
  }

  private DerReader(byte[] data, int from, int end) {
    this.data = data;
    this.position = from;
    this.end = end;
  }

  boolean hasMore() {
    return position < end;
  }

  /** The tag of the next element, or -1 at the end. */
  int peek() {
    return hasMore() ? data[position] & 0xff : -1;
  }

  /** Enters the next element, which must have the tag. */
  DerReader enter(int tag) {
    int[] bounds = bounds(tag);
    return new DerReader(data, bounds[0], bounds[1]);
  }

  /** The content of the next element, which must have the tag. */
  byte[] content(int tag) {
    int[] bounds = bounds(tag);
    return Arrays.copyOfRange(data, bounds[0], bounds[1]);
  }

  /** The next element, whatever it is, with its tag and length. */
  byte[] whole() {
    int from = position;
    skip();
    return Arrays.copyOfRange(data, from, position);
  }

  void skip() {
    bounds(peek());
  }

  /** A bit string of whole bytes. */
  byte[] bits() {
    byte[] content = content(Der.BIT_STRING);
    if (content.length == 0 || content[0] != 0) {
      throw new IllegalArgumentException("bit string of " + content.length + " bytes");
    }
    return Arrays.copyOfRange(content, 1, content.length);
  }

  String oid() {
    byte[] content = content(Der.OID);
    StringBuilder dotted = new StringBuilder();
    long arc = 0;
    for (byte b : content) {
      if (arc > Long.MAX_VALUE >> 7) {
        throw new IllegalArgumentException("object identifier too large");
      }
      arc = arc << 7 | b & 0x7f;
      if (b >= 0) {
        if (dotted.isEmpty()) {
          long first = Math.min(arc / 40, 2);
          dotted.append(first).append('.').append(arc - first * 40);
        } else {
          dotted.append('.').append(arc);
        }
        arc = 0;
      }
    }
    return dotted.toString();
  }

  /** A character string of any of the types that names use. */
  String text() {
    int tag = peek();
    byte[] content = content(tag);
    return switch (tag) {
      case 0x1e -> new String(content, StandardCharsets.UTF_16BE);
      case 0x14 -> new String(content, StandardCharsets.ISO_8859_1);
      default -> new String(content, StandardCharsets.UTF_8);
    };
  }

  private int[] bounds(int tag) {
    if (tag < 0 || peek() != tag) {
      throw new IllegalArgumentException("unexpected element " + peek() + " instead of " + tag);
    }
    int at = position + 1;
    int length = at < end ? data[at++] & 0xff : -1;
    if (length > 0x80 && length <= 0x84) {
      int bytes = length & 0x7f;
      length = 0;
      for (int i = 0; i < bytes && at < end; i++) {
        length = length << 8 | data[at++] & 0xff;
      }
    } else if (length >= 0x80) {
      length = -1;
    }
    if (length < 0 || length > end - at) {
      throw new IllegalArgumentException("element with a wrong length");
    }
    position = at + length;
    return new int[] {at, position};
  }
}
