package io.kubra.apiserver.rules.check;

import io.kubra.api.status.FieldPath;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of IP addresses and address ranges. */
public final class Addresses {
  private static final Pattern IPV4 =
      Pattern.compile("(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*(:[0-9.]+)?");

  private Addresses() {}

  /** Whether the text is an IPv4 address. */
  public static boolean isIpv4(String text) {
    return IPV4.matcher(text).matches();
  }

  /** Whether the text is an IPv6 address. */
  public static boolean isIpv6(String text) {
    if (!IPV6.matcher(text).matches()) {
      return false;
    }
    try {
      // literals are parsed without a look-up
      return InetAddress.getByName("[" + text + "]").getAddress().length > 0;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Whether the text is an address of either family. */
  public static boolean isIp(@Nullable String text) {
    return text != null && (isIpv4(text) || isIpv6(text));
  }

  /** Whether the text is an address range such as {@code 10.0.0.0/8}. */
  public static boolean isCidr(@Nullable String text) {
    int slash = text == null ? -1 : text.indexOf('/');
    if (text == null || slash < 0) {
      return false;
    }
    String address = text.substring(0, slash);
    String bits = text.substring(slash + 1);
    if (!bits.matches("0|[1-9][0-9]{0,2}")) {
      return false;
    }
    int length = Integer.parseInt(bits);
    return (isIpv4(address) && length <= 32) || (isIpv6(address) && length <= 128);
  }

  /** Reports what is no address. */
  public static void ip(Checks checks, FieldPath path, @Nullable String value) {
    if (!isIp(value)) {
      checks.invalid(
          path, value, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }
  }

  /** Reports what is no address range. */
  public static void cidr(Checks checks, FieldPath path, @Nullable String value) {
    if (!isCidr(value)) {
      checks.invalid(
          path, value, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    }
  }
}
