package io.kubra.apiserver.cel;

import dev.cel.runtime.CelEvaluationException;
import io.kubra.api.validation.Addresses;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** An IP address in expressions. Addresses of IPv4 mapped into IPv6, and with zones, are none. */
record IpAddress(InetAddress address) implements CallCosts.Network {

  static @Nullable IpAddress parse(String text) {
    InetAddress address = isMapped(text) ? null : Addresses.parse(text);
    return address == null ? null : new IpAddress(address);
  }

  static IpAddress required(String text) throws CelEvaluationException {
    IpAddress address = parse(text);
    if (address != null) {
      return address;
    }
    if (text.indexOf('%') >= 0) {
      throw new CelEvaluationException(
          "IP address \"" + text + "\" with zone value is not allowed");
    }
    if (isMapped(text)) {
      throw new CelEvaluationException("IPv4-mapped IPv6 address \"" + text + "\" is not allowed");
    }
    throw new CelEvaluationException(
        "IP Address \""
            + text
            + "\" parse error during conversion from string: ParseAddr(\""
            + text
            + "\"): unable to parse IP");
  }

  private static boolean isMapped(String text) {
    byte[] bytes = text.indexOf(':') < 0 ? null : Addresses.bytes(text);
    if (bytes == null) {
      return false;
    }
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }

  byte[] bytes() {
    return address.getAddress();
  }

  @Override
  public int size() {
    return bytes().length;
  }

  long family() {
    return size() == 4 ? 4 : 6;
  }

  boolean isGlobalUnicast() {
    byte[] bytes = bytes();
    boolean broadcast =
        bytes.length == 4 && bytes[0] == -1 && bytes[1] == -1 && bytes[2] == -1 && bytes[3] == -1;
    return !broadcast
        && !address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && !address.isMulticastAddress()
        && !address.isLinkLocalAddress();
  }

  boolean isLinkLocalMulticast() {
    byte[] b = bytes();
    return b.length == 4
        ? (b[0] & 0xff) == 224 && b[1] == 0 && b[2] == 0
        : (b[0] & 0xff) == 0xff && (b[1] & 0x0f) == 2;
  }

  /** The shortest form: of IPv6 the longest run of zeros is left out (RFC 5952). */
  @Override
  public String toString() {
    byte[] bytes = bytes();
    if (bytes.length == 4) {
      return address.getHostAddress();
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
      i = Math.max(i, end - 1);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
