package io.kubra.node.logs;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One line of a container's log file.
 *
 * @param time the time as the file has it
 * @param stdout whether it came from standard output rather than standard error
 * @param partial whether the container's line goes on in the next one
 * @param content the text, with the line end unless partial
 */
public record LogLine(String time, boolean stdout, boolean partial, byte[] content) {
  /** Reads a line, with its line end, of the format that the CRI prescribes; null if it is not. */
  public static @Nullable LogLine parse(byte[] line, int length) {
    int end = length > 0 && line[length - 1] == '\n' ? length - 1 : length;
    int first = indexOf(line, 0, end);
    int second = first < 0 ? -1 : indexOf(line, first + 1, end);
    if (second < 0) {
      return null;
    }
    int third = indexOf(line, second + 1, end);
    int tagEnd = third < 0 ? end : third;
    String time = text(line, 0, first);
    boolean stdout = text(line, first + 1, second).equals("stdout");
    boolean partial = text(line, second + 1, tagEnd).startsWith("P");
    int from = third < 0 ? end : third + 1;
    byte[] content = Arrays.copyOfRange(line, from, partial ? end : end + 1);
    if (!partial) {
      content[content.length - 1] = '\n';
    }
    return new LogLine(time, stdout, partial, content);
  }

  private static String text(byte[] line, int from, int to) {
    return new String(line, from, to - from, StandardCharsets.US_ASCII);
  }

  private static int indexOf(byte[] line, int from, int end) {
    for (int i = from; i < end; i++) {
      if (line[i] == ' ') {
        return i;
      }
    }
    return -1;
  }

  /** When the line was written; the epoch if the file has nonsense. */
  public Instant instant() {
    try {
      return OffsetDateTime.parse(time).toInstant();
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
