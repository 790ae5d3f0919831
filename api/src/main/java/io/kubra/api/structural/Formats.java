package io.kubra.api.structural;

import io.kubra.api.validation.Addresses;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.regex.Pattern;

/** The string formats that are enforced; others are only documentation. */
public final class Formats {
  private static final Pattern UUID =
      Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
  private static final Pattern HOSTNAME =
      Pattern.compile("([a-zA-Z0-9]([a-zA-Z0-9-]{0,62}[a-zA-Z0-9])?)(\\.[a-zA-Z0-9-]{1,63})*\\.?");
  private static final Pattern MAC = Pattern.compile("([0-9A-Fa-f]{2}[:-]){5,7}[0-9A-Fa-f]{2}");
  private static final Pattern DURATION =
      Pattern.compile("[+-]?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");

  private Formats() {}

  /** Whether a text has a format; of formats that are not enforced every text is. */
  public static boolean matches(String format, String value) {
    return switch (format) {
      case "date-time", "datetime" -> parses(() -> OffsetDateTime.parse(value));
      case "date" -> parses(() -> LocalDate.parse(value));
      case "byte" -> parses(() -> Base64.getDecoder().decode(value));
      case "ipv4" -> value.indexOf(':') < 0 && Addresses.ip(value).isEmpty();
      case "ipv6" -> value.indexOf(':') >= 0 && Addresses.ip(value).isEmpty();
      case "cidr" -> Addresses.cidr(value).isEmpty();
      case "uuid", "uuid3", "uuid4", "uuid5" -> UUID.matcher(value).matches();
      case "hostname" -> value.length() <= 255 && HOSTNAME.matcher(value).matches();
      case "mac" -> MAC.matcher(value).matches();
      case "duration" -> DURATION.matcher(value).matches();
      case "email" -> EMAIL.matcher(value).matches();
      case "uri" -> isUri(value);
      default -> true;
    };
  }

  private static boolean parses(Runnable parser) {
    try {
      parser.run();
      return true;
    } catch (DateTimeException | IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isUri(String value) {
    try {
      URI uri = new URI(value);
      return uri.isAbsolute() || value.startsWith("/");
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
