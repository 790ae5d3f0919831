package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.values.JsonValues;
import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.json.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import picocli.CommandLine.Option;

/** The values that the user gives. */
final class ValueFlags {
  @Option(
      names = {"-f", "--values"},
      paramLabel = "FILE",
      description = "specify values in a YAML file (can specify multiple)")
  List<String> files = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "set values on the command line (can specify multiple: key1=val1,key2=val2)")
  List<String> set = new ArrayList<>();

  @Option(
      names = "--set-string",
      paramLabel = "KEY=VALUE",
      description = "set STRING values on the command line")
  List<String> strings = new ArrayList<>();

  @Option(
      names = "--set-file",
      paramLabel = "KEY=FILE",
      description = "set values from respective files specified via the command line")
  List<String> setFiles = new ArrayList<>();

  @Option(
      names = "--set-json",
      paramLabel = "KEY=JSON",
      description = "set JSON values on the command line")
  List<String> json = new ArrayList<>();

  @Option(
      names = "--set-literal",
      paramLabel = "KEY=VALUE",
      description = "set a literal STRING value on the command line")
  List<String> literals = new ArrayList<>();

  /** Sets the options; the session keeps what files this needs until it ends. */
  void apply(HelmOptions options, TemporaryFiles temporary) {
    StringJoiner paths = new StringJoiner(",");
    for (String file : files) {
      paths.add(valuesFile(file, temporary));
    }
    if (json.isEmpty()) {
      options.text("valuesFiles", files.isEmpty() ? null : paths.toString());
    } else {
      options.text("valuesFiles", temporary.holding(withJson(files, temporary)));
    }
    if (!set.isEmpty()) {
      // The library takes pairs and escapes their values, so that lists and nested keys would be
      // lost. Everything goes into one key instead, ended by a pair of nothing, which counts for
      // none.
      options.text("values", encode(String.join(",", set) + ",") + "=");
    }
    StringJoiner pairs = new StringJoiner("&");
    for (String pair : strings) {
      for (String one : parts(pair)) {
        int equals = one.indexOf('=');
        String text = unescape(one.substring(equals + 1));
        pairs.add(encode(one.substring(0, equals)) + "=" + encode(temporary.holding(text)));
      }
    }
    for (String pair : setFiles) {
      for (String one : parts(pair)) {
        int equals = one.indexOf('=');
        Path file = Path.of(unescape(one.substring(equals + 1)));
        if (!Files.isReadable(file)) {
          throw new HelmException(
              "failed parsing --set-file data: open " + file + ": no such file or directory");
        }
        pairs.add(encode(one.substring(0, equals)) + "=" + encode(file.toString()));
      }
    }
    for (String pair : literals) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new HelmException(
            "failed parsing --set-literal data: key \"" + pair + "\" has no value");
      }
      String file = temporary.holding(pair.substring(equals + 1));
      pairs.add(encode(pair.substring(0, equals)) + "=" + encode(file));
    }
    options.text("setFiles", pairs.length() == 0 ? null : pairs.toString());
  }

  /** The values files merged, with what --set-json says set in them: it wins over files only. */
  private String withJson(List<String> sources, TemporaryFiles temporary) {
    JsonValues values = new JsonValues();
    for (String file : sources) {
      try {
        byte[] text = Files.readAllBytes(Path.of(valuesFile(file, temporary)));
        if (Yaml.parse(text) != null) {
          values.merge(Yaml.parseObject(text));
        }
      } catch (IOException | JsonSyntaxException e) {
        throw new HelmException("failed to parse " + file + ": " + e.getMessage(), e);
      }
    }
    json.forEach(values::set);
    return Json.toString(values.tree());
  }

  private static String valuesFile(String file, TemporaryFiles temporary) {
    try {
      if (file.equals("-")) {
        return temporary.holding(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
      }
      if (!Files.isReadable(Path.of(file))) {
        throw new HelmException("open " + file + ": no such file or directory");
      }
      // The library parts paths at commas.
      return file.contains(",") ? temporary.holding(Files.readString(Path.of(file))) : file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pairs of a list that commas part unless escaped or within braces. */
  static List<String> parts(String pairs) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < pairs.length(); i++) {
      char c = pairs.charAt(i);
      if (c == '\\' && i + 1 < pairs.length()) {
        part.append(c).append(pairs.charAt(++i));
      } else if (c == ',') {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    for (String one : parts) {
      if (one.indexOf('=') < 1) {
        throw new HelmException("failed parsing --set data: key \"" + one + "\" has no value");
      }
    }
    return parts;
  }

  private static String unescape(String text) {
    return text.replaceAll("\\\\(.)", "$1");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
