package io.kubra.api.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds protobuf bytes back to front: a nested message is written before its length is needed, so
 * nothing is measured twice or copied. Callers write fields in descending order.
 */
final class ProtobufOutput {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;

  private byte[] buffer = new byte[1024];
  private int start = buffer.length;

  /** How much has been written; the difference of two marks is the length of what lies between. */
  int mark() {
    return buffer.length - start;
  }

  byte[] toByteArray() {
    return Arrays.copyOfRange(buffer, start, buffer.length);
  }

  private void reserve(int count) {
    if (start < count) {
      int used = mark();
      byte[] larger = new byte[Math.max(buffer.length * 2, used + count + 64)];
      System.arraycopy(buffer, start, larger, larger.length - used, used);
      start = larger.length - used;
      buffer = larger;
    }
  }

  void raw(byte[] bytes) {
    reserve(bytes.length);
    start -= bytes.length;
    System.arraycopy(bytes, 0, buffer, start, bytes.length);
  }

  void varint(long value) {
    int size = Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    reserve(size);
    start -= size;
    int at = start;
    long rest = value;
    for (int i = 1; i < size; i++) {
      buffer[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[at] = (byte) rest;
  }

  void fixed64(long value) {
    reserve(8);
    start -= 8;
    for (int i = 0; i < 8; i++) {
      buffer[start + i] = (byte) (value >>> (8 * i));
    }
  }

  void tag(int number, int wire) {
    varint(((long) number << 3) | wire);
  }

  /** Closes what was written since the mark as one length-delimited field. */
  void close(int number, int mark) {
    varint(mark() - mark);
    tag(number, BYTES);
  }

  void bytes(int number, byte[] bytes) {
    int mark = mark();
    raw(bytes);
    close(number, mark);
  }

  void string(int number, String text) {
    bytes(number, text.getBytes(StandardCharsets.UTF_8));
  }

  void varint(int number, long value) {
    varint(value);
    tag(number, VARINT);
  }

  void fixed64(int number, double value) {
    fixed64(Double.doubleToRawLongBits(value));
    tag(number, FIXED64);
  }
}
