package io.kubra.api.validation;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IP addresses and CIDR blocks: reading without name lookups, and checks. */
public final class Addresses {
  private static final String IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
  private static final String CIDR =
      "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

  private Addresses() {}

  /** The bytes of an address: 4 or 16, or null if the text is none. Leading zeros are refused. */
  public static byte @Nullable [] bytes(String text) {
    if (text.indexOf(':') >= 0) {
      return v6(text);
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      int value = decimal(parts[i], 255);
      if (value < 0) {
        return null;
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  private static byte @Nullable [] v6(String text) {
    boolean shaped =
        text.chars().allMatch(c -> c == ':' || c == '.' || Character.digit(c, 16) >= 0)
            && !text.contains(":::")
            && text.length() <= 45;
    if (!shaped) {
      return null;
    }
    int dot = text.indexOf('.');
    if (dot >= 0 && bytes(text.substring(text.lastIndexOf(':') + 1)) == null) {
      return null;
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(text).getAddress();
      if (bytes.length == 16) {
        return bytes;
      }
      // the platform folds IPv4-mapped addresses
      byte[] mapped = new byte[16];
      mapped[10] = (byte) 0xff;
      mapped[11] = (byte) 0xff;
      System.arraycopy(bytes, 0, mapped, 12, 4);
      return mapped;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static int decimal(String text, int max) {
    if (text.isEmpty()
        || text.length() > 3
        || (text.length() > 1 && text.charAt(0) == '0')
        || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    int value = Integer.parseInt(text);
    return value > max ? -1 : value;
  }

  /** The address, or null if the text is none. */
  public static @Nullable InetAddress parse(String text) {
    byte[] bytes = bytes(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** What is wrong with an IP address. */
  public static List<String> ip(String text) {
    return bytes(text) == null ? List.of(IP) : List.of();
  }

  /** What is wrong with a CIDR block. */
  public static List<String> cidr(String text) {
    return prefix(text) < 0 ? List.of(CIDR) : List.of();
  }

  /** The prefix length of a CIDR block, or -1 if the text is none. */
  public static int prefix(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return -1;
    }
    byte[] bytes = bytes(text.substring(0, slash));
    return bytes == null ? -1 : decimal(text.substring(slash + 1), bytes.length * 8);
  }

  /** Whether the text is an IPv6 address or block. */
  public static boolean isV6(String text) {
    return text.indexOf(':') >= 0;
  }

  /** Whether the block contains the address; false if either is malformed. */
  public static boolean contains(String cidr, String address) {
    int length = prefix(cidr);
    if (length < 0) {
      return false;
    }
    byte[] block = bytes(cidr.substring(0, cidr.indexOf('/')));
    byte[] ip = bytes(address);
    if (block == null || ip == null || block.length != ip.length) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      if (((block[bit / 8] ^ ip[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
        return false;
      }
    }
    return true;
  }
}
