package io.kubra.cli.helm;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as Go writes them: {@code 5m0s}, {@code 1h30m}, {@code 500ms}. */
final class GoDuration implements ITypeConverter<Duration> {
  private static final Pattern ALL = Pattern.compile("(\\d+(\\.\\d+)?(ms|h|m|s))+");
  private static final Pattern ONE = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s)");

  @Override
  public Duration convert(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!ALL.matcher(text).matches()) {
      throw new TypeConversionException(
          text.matches("\\d+")
              ? "time: missing unit in duration \"" + text + '"'
              : "time: invalid duration \"" + text + '"');
    }
    double seconds = 0;
    Matcher m = ONE.matcher(text);
    while (m.find()) {
      double unit =
          switch (m.group(2)) {
            case "h" -> 3600;
            case "m" -> 60;
            case "ms" -> 0.001;
            default -> 1;
          };
      seconds += Double.parseDouble(m.group(1)) * unit;
    }
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
