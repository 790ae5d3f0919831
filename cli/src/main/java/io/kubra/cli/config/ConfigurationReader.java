package io.kubra.cli.config;

import io.kubra.api.feature.FeatureGates;
import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.json.Yaml;
import io.kubra.apiserver.standard.ServerFlags;
import io.kubra.cli.CliException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads {@code kubra.yaml}. What it does not understand it refuses, with the line. */
final class ConfigurationReader {
  private static final List<String> KEYS =
      List.of(
          "workers",
          "store",
          "disable",
          "enable",
          "privilegedRuntime",
          "featureGates",
          "apiServer",
          "manifests");

  private final String file;
  private final byte[] text;
  private ClusterConfiguration result = ClusterConfiguration.DEFAULT;

  private ConfigurationReader(String file, byte[] text) {
    this.file = file;
    this.text = text;
  }

  static ClusterConfiguration read(String file, byte[] text) {
    return new ConfigurationReader(file, text).read();
  }

  private ClusterConfiguration read() {
    Object tree;
    List<String> duplicates = new ArrayList<>();
    try {
      // What up itself wrote is JSON; reading it must not load a YAML parser into the server.
      tree =
          text.length > 1 && text[0] == '{' && text[1] == '"'
              ? Json.parse(text, duplicates::add)
              : Yaml.parse(text, duplicates::add);
    } catch (JsonSyntaxException e) {
      throw new CliException(file + ": " + e.getMessage());
    }
    if (!duplicates.isEmpty()) {
      throw new CliException(file + ": " + duplicates.getFirst());
    }
    if (tree == null) {
      return result;
    }
    if (!(tree instanceof Map<?, ?> map)) {
      throw new CliException(file + ": expected keys and values, not " + Json.nameOf(tree));
    }
    map.forEach((key, value) -> set((String) key, value));
    return result;
  }

  private void set(String key, @Nullable Object value) {
    try {
      result =
          switch (key) {
            case "workers" -> result.withWorkers(number(value));
            case "store" -> result.withStore(constant(StateStore.values(), value));
            case "disable" -> result.withParts(result.parts().without(parts(value)));
            case "enable" -> result.withParts(result.parts().with(parts(value)));
            case "privilegedRuntime" ->
                result.withPrivilegedRuntime(constant(PrivilegedRuntime.values(), value));
            case "featureGates" -> result.withFeatureGates(gates(value));
            case "apiServer" -> result.withApiServer(flags(value));
            case "manifests" -> result.withManifests(path(value));
            default -> throw new CliException(unknown(key));
          };
    } catch (CliException e) {
      throw new CliException(
          file
              + ": "
              + KeyLine.of(text, key).map(l -> "line " + l + ": ").orElse("")
              + e.getMessage());
    }
  }

  private static String unknown(String key) {
    return "unknown key \""
        + key
        + '"'
        + Nearest.to(key, KEYS)
            .map(nearest -> "; did you mean \"" + nearest + "\"?")
            .orElse("; known are " + String.join(", ", KEYS));
  }

  private static int number(@Nullable Object value) {
    if (value instanceof Long number && number == number.intValue()) {
      return number.intValue();
    }
    throw new CliException("expected a number, not " + Json.toString(value));
  }

  /** A path; a relative one is meant from where the file lies. */
  private Path path(@Nullable Object value) {
    if (value instanceof String text && !text.isEmpty()) {
      try {
        return Path.of(file).toAbsolutePath().resolveSibling(text).normalize();
      } catch (InvalidPathException e) {
        throw new CliException("not a path: " + e.getMessage());
      }
    }
    throw new CliException("expected a path, not " + Json.toString(value));
  }

  private static <E extends Enum<E>> E constant(E[] constants, @Nullable Object value) {
    for (E constant : constants) {
      if (constant.name().toLowerCase(java.util.Locale.ROOT).equals(value)) {
        return constant;
      }
    }
    throw new CliException(
        "expected "
            + String.join(
                " or ",
                Arrays.stream(constants)
                    .map(c -> c.name().toLowerCase(java.util.Locale.ROOT))
                    .toList())
            + ", not "
            + Json.toString(value));
  }

  private static List<Part> parts(@Nullable Object value) {
    List<Part> parts = new ArrayList<>();
    List<?> names =
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    for (Object name : names) {
      if (!(name instanceof String text)) {
        throw new CliException("expected names of parts, not " + Json.toString(name));
      }
      for (String each : text.split(",")) {
        parts.add(Part.of(each.strip()));
      }
    }
    return parts;
  }

  /** Flags of the API server; files are looked for beside the one that names them. */
  private Map<String, String> flags(@Nullable Object value) {
    Map<String, String> flags = new TreeMap<>();
    if (value == null) {
      return flags;
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new CliException("expected flags with their values, not " + Json.toString(value));
    }
    map.forEach((flag, text) -> flags.put((String) flag, flag((String) flag, text)));
    try {
      ServerFlags.of(flags);
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()));
    }
    return flags;
  }

  private String flag(String name, @Nullable Object value) {
    if (!ServerFlags.known().contains(name)) {
      throw new CliException(
          "unknown flag \""
              + name
              + '"'
              + Nearest.to(name, ServerFlags.known())
                  .map(nearest -> "; did you mean \"" + nearest + "\"?")
                  .orElse(""));
    }
    if (!(value instanceof String || value instanceof Long || value instanceof Boolean)) {
      throw new CliException("expected a value for " + name + ", not " + Json.toString(value));
    }
    String text = value.toString();
    return ServerFlags.isFile(name) && !text.isEmpty()
        ? String.valueOf(Path.of(file).toAbsolutePath().resolveSibling(text).normalize())
        : text;
  }

  private static Map<String, Boolean> gates(@Nullable Object value) {
    Map<String, Boolean> gates = new TreeMap<>();
    if (value == null) {
      return gates;
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new CliException("expected gates with true or false, not " + Json.toString(value));
    }
    map.forEach(
        (gate, on) -> {
          if (!(on instanceof Boolean enabled)) {
            throw new CliException(
                "expected true or false for " + gate + ", not " + Json.toString(on));
          }
          gates.put((String) gate, enabled);
        });
    try {
      FeatureGates.of(gates);
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()));
    }
    return gates;
  }
}
