package io.kubra.addons.helm.render;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.release.Hook;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a chart in which hooks are ordinary objects to Helm: their annotations carry another
 * prefix, which {@link #read} turns back. A folder that {@link #close} removes.
 */
public final class HookedChart implements AutoCloseable {
  private static final String HOOK = "helm.sh/hook";
  // As long as the other, so that no line that is folded by width changes.
  private static final String MASKED = "helm.sh/hOOk";
  private static final String SOURCE = "# Source: ";

  private final Path folder;
  private final Path chart;

  /**
   * Copies a chart.
   *
   * @param source a chart's folder or archive
   * @throws HelmException if it is neither
   */
  public HookedChart(Path source) {
    try {
      folder = Files.createTempDirectory("kubra-render");
      Path root = folder.resolve("chart");
      if (Files.isDirectory(source)) {
        copy(source, root);
        chart = root;
      } else {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(source))) {
          ChartArchive.unpack(in, root);
        }
        chart = onlyFolder(root);
      }
      unpackSubcharts(chart);
      mask(chart);
    } catch (IOException e) {
      throw new HelmException(e.toString(), e);
    }
  }

  /** The copy. */
  public Path chart() {
    return chart;
  }

  private static Path onlyFolder(Path root) throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files
          .filter(Files::isDirectory)
          .findFirst()
          .orElseThrow(() -> new HelmException("the archive holds no chart"));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private static void unpackSubcharts(Path chart) throws IOException {
    Path charts = chart.resolve("charts");
    if (!Files.isDirectory(charts)) {
      return;
    }
    List<Path> entries;
    try (Stream<Path> files = Files.list(charts)) {
      entries = files.toList();
    }
    for (Path entry : entries) {
      if (entry.toString().endsWith(".tgz")) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(entry))) {
          ChartArchive.unpack(in, charts);
        }
        Files.delete(entry);
      }
    }
    try (Stream<Path> files = Files.list(charts)) {
      for (Path sub : files.filter(Files::isDirectory).toList()) {
        unpackSubcharts(sub);
      }
    }
  }

  private static void mask(Path chart) throws IOException {
    byte[] hook = HOOK.getBytes(StandardCharsets.US_ASCII);
    byte[] masked = MASKED.getBytes(StandardCharsets.US_ASCII);
    try (Stream<Path> files = Files.walk(chart)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        boolean changed = false;
        for (int i = 0; i + hook.length <= bytes.length; i++) {
          if (Arrays.equals(bytes, i, i + hook.length, hook, 0, hook.length)) {
            System.arraycopy(masked, 0, bytes, i, masked.length);
            changed = true;
          }
        }
        if (changed) {
          Files.write(file, bytes);
        }
      }
    }
  }

  /** Parts what Helm rendered of the copy into objects and hooks. */
  public static Rendered read(String text) {
    StringBuilder manifest = new StringBuilder();
    List<Hook> hooks = new ArrayList<>();
    for (String document : ("\n" + text).split("\n---\n", -1)) {
      if (document.isBlank()) {
        continue;
      }
      String body = document.strip().replace(MASKED, HOOK);
      Hook hook = document.contains(MASKED) ? hook(body) : null;
      if (hook != null) {
        hooks.add(hook);
      } else {
        manifest.append("---\n").append(body).append('\n');
      }
    }
    return new Rendered(manifest.toString(), hooks);
  }

  private static @Nullable Hook hook(String document) {
    Map<String, Object> object;
    try {
      object = Yaml.parseObject(document.getBytes(StandardCharsets.UTF_8));
    } catch (JsonSyntaxException e) {
      return null;
    }
    String events = Trees.string(object, "metadata", "annotations", HOOK);
    if (events == null) {
      return null;
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", Trees.stringOr(object, "", "metadata", "name"));
    tree.put("kind", Trees.stringOr(object, "", "kind"));
    String manifest = document;
    if (document.startsWith(SOURCE)) {
      int end = document.indexOf('\n');
      tree.put("path", document.substring(SOURCE.length(), end < 0 ? document.length() : end));
      manifest = end < 0 ? "" : document.substring(end + 1);
    }
    tree.put("manifest", manifest);
    tree.put("events", Arrays.stream(events.split(",")).map(String::strip).toList());
    return new Hook(tree);
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
