package io.kubra.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Plays the scripts by which probes speak over a network: which servers answer, what comes back, to
 * whom datagrams go. A test changes what is wrong with it.
 */
final class FakeNet implements BiFunction<String, String, @Nullable String> {
  private static final Pattern COUNT = Pattern.compile("-lt (\\d+)");

  /** The servers in rotation. */
  final List<String> servers = new ArrayList<>();

  /** The servers that get the datagrams of one flow. */
  final List<String> datagrams = new ArrayList<>();

  /** What names resolve to, and parts of other questions. */
  final Map<String, String> names = new HashMap<>();

  /** What other scripts print, by a part of them. */
  final Map<String, String> scripts = new HashMap<>();

  /** Whether pieces are put together. */
  boolean reassembles = true;

  /** Whether bytes come back as they were sent. */
  boolean transparent = true;

  private final Map<String, Long> arrived = new HashMap<>();
  private final Map<String, Long> whole = new HashMap<>();
  private int turn;

  /** With servers that take turns. */
  FakeNet(String... names) {
    servers.addAll(List.of(names));
    datagrams.addAll(List.of(names));
  }

  @Override
  public synchronized @Nullable String apply(String pod, String script) {
    for (Map.Entry<String, String> known : scripts.entrySet()) {
      if (script.contains(known.getKey())) {
        return known.getValue();
      }
    }
    if (script.contains("/proc/net/snmp")) {
      return arrived.getOrDefault(pod, 0L) + " " + whole.getOrDefault(pod, 0L) + "\n";
    }
    if (script.contains("tftp")) {
      boolean large = script.contains("3000");
      for (String server : datagrams) {
        arrived.merge(server, 3L, Long::sum);
        whole.merge(server, large && reassembles ? 3L : 0L, Long::sum);
      }
      return "";
    }
    if (script.contains("od -An")) {
      return transparent ? " 16 03 01 72 61 77\n" : " 48 54 54 50\n";
    }
    if (script.contains("nslookup")) {
      for (Map.Entry<String, String> name : names.entrySet()) {
        if (script.contains(name.getKey())) {
          return "Server: 10.0.0.10\n\n" + name.getValue() + "\n";
        }
      }
      return "** server can't find it: NXDOMAIN\n";
    }
    Matcher count = COUNT.matcher(script);
    if (script.contains("tail -n 1") && count.find()) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < Integer.parseInt(count.group(1)) && !servers.isEmpty(); i++) {
        lines.append("answer ").append(next()).append('\n');
      }
      return lines.toString();
    }
    if (script.contains("GET / ")) {
      return servers.isEmpty() ? "" : "HTTP/1.0 200 OK\r\n\r\nanswer " + next();
    }
    return "";
  }

  private String next() {
    return servers.get(turn++ % servers.size());
  }
}
