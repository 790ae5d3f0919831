package io.kubra.network.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one question of a DNS request (RFC 1035, EDNS size from RFC 6891).
 *
 * @param id the request's number
 * @param name the name asked for, lower case, without final dot
 * @param type the record type
 * @param recursionDesired the RD flag, repeated in the answer
 * @param udpSize how large an answer over UDP may be
 * @param question the question section as it was sent, repeated in the answer
 */
record DnsQuery(
    int id,
    String name,
    int type,
    boolean recursionDesired,
    int udpSize,
    boolean edns,
    byte[] question) {

  static final int A = 1;
  static final int CNAME = 5;
  static final int SOA = 6;
  static final int PTR = 12;
  static final int TXT = 16;
  static final int AAAA = 28;
  static final int SRV = 33;
  static final int OPT = 41;
  static final int ANY = 255;

  private static final int HEADER = 12;
  private static final int LEAST_UDP = 512;
  private static final int MOST_UDP = 4096;

  /** Parses a request, or returns null when it is not one that this server understands. */
  static @Nullable DnsQuery parse(byte[] message) {
    try {
      ByteBuffer in = ByteBuffer.wrap(message);
      int id = in.getShort() & 0xffff;
      int flags = in.getShort() & 0xffff;
      int questions = in.getShort();
      in.getShort();
      in.getShort();
      int additional = in.getShort();
      boolean response = (flags & 0x8000) != 0;
      int opcode = flags >> 11 & 0xf;
      if (response || opcode != 0 || questions != 1) {
        return null;
      }
      StringBuilder name = new StringBuilder();
      for (int length = in.get() & 0xff; length != 0; length = in.get() & 0xff) {
        if (length > 63) {
          return null;
        }
        byte[] label = new byte[length];
        in.get(label);
        if (!name.isEmpty()) {
          name.append('.');
        }
        name.append(new String(label, StandardCharsets.ISO_8859_1));
      }
      int type = in.getShort() & 0xffff;
      in.getShort();
      byte[] question = new byte[in.position() - HEADER];
      in.get(HEADER, question);
      int size = LEAST_UDP;
      boolean edns = false;
      // The OPT record, when present, follows the question directly in every resolver's request.
      if (additional > 0
          && in.remaining() >= 11
          && in.get() == 0
          && (in.getShort() & 0xffff) == OPT) {
        edns = true;
        size = Math.clamp(in.getShort() & 0xffff, LEAST_UDP, MOST_UDP);
      }
      return new DnsQuery(
          id,
          name.toString().toLowerCase(Locale.ROOT),
          type,
          (flags & 0x0100) != 0,
          size,
          edns,
          question);
    } catch (java.nio.BufferUnderflowException e) {
      return null;
    }
  }
}
