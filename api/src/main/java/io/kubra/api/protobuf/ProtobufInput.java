package io.kubra.api.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A cursor over protobuf bytes. Throws {@link IllegalArgumentException} when they are cut short.
 */
final class ProtobufInput {
  private final byte[] bytes;
  private final int end;
  private int at;

  ProtobufInput(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  boolean done() {
    return at >= end;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw truncated();
      }
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("proto: integer overflow");
  }

  /** A tag: field number shifted by three, and wire type. */
  int tag() {
    long tag = varint();
    if (tag >>> 3 == 0 || tag > 0xffffffffL) {
      throw new IllegalArgumentException("proto: illegal tag " + (tag >>> 3));
    }
    return (int) tag;
  }

  long fixed64() {
    require(8);
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    at += 8;
    return value;
  }

  ProtobufInput message() {
    int length = length();
    ProtobufInput inner = new ProtobufInput(bytes, at, at + length);
    at += length;
    return inner;
  }

  String string() {
    int length = length();
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  byte[] bytes() {
    int length = length();
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  void skip(int wire) {
    switch (wire) {
      case ProtobufOutput.VARINT -> varint();
      case ProtobufOutput.FIXED64 -> advance(8);
      case ProtobufOutput.BYTES -> advance(length());
      case 5 -> advance(4);
      default -> throw new IllegalArgumentException("proto: illegal wireType " + wire);
    }
  }

  private int length() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw truncated();
    }
    return (int) length;
  }

  private void advance(int count) {
    require(count);
    at += count;
  }

  private void require(int count) {
    if (count > end - at) {
      throw truncated();
    }
  }

  private static IllegalArgumentException truncated() {
    return new IllegalArgumentException("unexpected EOF");
  }
}
