package io.kubra.apiserver.service;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one service CIDR and which of them are taken. Chosen addresses come from the
 * upper part first, so that the lower part stays free for those who ask for a certain one. Guarded
 * by its user.
 */
final class AddressRange {
  private static final int MAX_SIZE = 1 << 20;

  private final BigInteger base;
  private final int bytes;
  private final int size;
  private final int staticBand;
  private final Set<Integer> taken = new HashSet<>();

  private AddressRange(BigInteger base, int bytes, int size) {
    this.base = base;
    this.bytes = bytes;
    this.size = size;
    this.staticBand = size < 32 ? 0 : Math.min(Math.max(16, size / 16), 256);
  }

  /**
   * Parses a CIDR.
   *
   * @throws IllegalArgumentException if it is none
   */
  static AddressRange parse(String cidr) {
    int slash = cidr.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a CIDR: " + cidr);
    }
    byte[] address = bytes(cidr.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException("not a CIDR: " + cidr);
    }
    int host = address.length * 8 - Integer.parseInt(cidr.substring(slash + 1));
    BigInteger base = new BigInteger(1, address).shiftRight(host).shiftLeft(host);
    int size = host >= 20 ? MAX_SIZE : 1 << host;
    return new AddressRange(base, address.length, size);
  }

  /** Whether these are IPv6 addresses. */
  boolean isV6() {
    return bytes == 16;
  }

  /** The family as Services name it. */
  String family() {
    return isV6() ? "IPv6" : "IPv4";
  }

  /** The address at an offset from the start of the range. */
  String address(int offset) {
    byte[] raw = base.add(BigInteger.valueOf(offset)).toByteArray();
    byte[] address = new byte[bytes];
    int length = Math.min(raw.length, bytes);
    System.arraycopy(raw, raw.length - length, address, bytes - length, length);
    try {
      return Addresses.text(InetAddress.getByAddress(address));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether an address can be given out by this range. */
  boolean contains(String address) {
    return offset(address) > 0;
  }

  /** Takes an address; false if someone has it. */
  boolean take(String address) {
    return taken.add(offset(address));
  }

  /** Takes any free address; null if there is none. */
  @Nullable String takeAny() {
    int last = size - (isV6() ? 1 : 2);
    Integer offset = freeIn(Math.max(1, staticBand), last);
    if (offset == null) {
      offset = freeIn(1, staticBand - 1);
    }
    if (offset == null) {
      return null;
    }
    taken.add(offset);
    return address(offset);
  }

  void release(String address) {
    taken.remove(offset(address));
  }

  private @Nullable Integer freeIn(int first, int last) {
    int count = last - first + 1;
    if (count <= 0) {
      return null;
    }
    int start = ThreadLocalRandom.current().nextInt(count);
    for (int i = 0; i < count; i++) {
      int offset = first + (start + i) % count;
      if (!taken.contains(offset)) {
        return offset;
      }
    }
    return null;
  }

  /** The position of an address, not positive if it is not one of ours to give. */
  private int offset(String address) {
    byte[] raw = bytes(address);
    if (raw == null || raw.length != bytes) {
      return -1;
    }
    BigInteger offset = new BigInteger(1, raw).subtract(base);
    int last = size - (isV6() ? 1 : 2);
    return offset.signum() <= 0 || offset.compareTo(BigInteger.valueOf(last)) > 0
        ? -1
        : offset.intValue();
  }

  private static byte @Nullable [] bytes(String address) {
    if (address.isEmpty() || !address.matches("[0-9a-fA-F:.]+")) {
      return null;
    }
    try {
      // digits, dots and colons only: never looked up
      return InetAddress.ofLiteral(address).getAddress();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
