package io.kubra.addons.helm.repository;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.render.ChartArchive;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The index of a chart repository: the file {@code index.yaml}. */
public final class ChartIndex {
  private final Map<String, List<Object>> entries = new TreeMap<>();

  /**
   * The index of the archives in a folder and its immediate subfolders.
   *
   * @param url the address under which the folder will be served; empty for addresses relative to
   *     the index
   */
  public static ChartIndex of(Path folder, String url) {
    ChartIndex index = new ChartIndex();
    String base = url.isEmpty() || url.endsWith("/") ? url : url + "/";
    try (Stream<Path> files = Files.walk(folder, 2)) {
      for (Path file : files.sorted().toList()) {
        if (file.toString().endsWith(".tgz") && Files.isRegularFile(file)) {
          index.add(file, base + folder.relativize(file));
        }
      }
    } catch (IOException e) {
      throw new HelmException(e.toString(), e);
    }
    return index;
  }

  private void add(Path archive, String url) throws IOException {
    byte[] bytes = Files.readAllBytes(archive);
    Map<String, Object> entry = new LinkedHashMap<>();
    try {
      entry.putAll(
          Yaml.parseObject(ChartArchive.topFile(new ByteArrayInputStream(bytes), "Chart.yaml")));
    } catch (IOException | JsonSyntaxException e) {
      // As Helm: what is no chart is no part of the index.
      return;
    }
    entry.put("created", OffsetDateTime.now().toString());
    entry.put("digest", sha256(bytes));
    entry.put("urls", List.of(url));
    entries.computeIfAbsent(Trees.stringOr(entry, "", "name"), n -> new ArrayList<>()).add(entry);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds the entries of another index that are not in this one. */
  public void merge(byte[] other) {
    Map<String, Object> tree = Trees.map(Yaml.parseObject(other), "entries");
    if (tree == null) {
      return;
    }
    for (String name : tree.keySet()) {
      List<Object> known = entries.computeIfAbsent(name, n -> new ArrayList<>());
      for (Map<String, Object> entry : Trees.maps(tree, name)) {
        if (known.stream().noneMatch(k -> version(k).equals(version(entry)))) {
          known.add(entry);
        }
      }
    }
  }

  private static String version(Object entry) {
    return Trees.stringOr(entry, "", "version");
  }

  /** The file's content; of each chart the highest version comes first. */
  public byte[] write() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("apiVersion", "v1");
    Map<String, Object> sorted = new LinkedHashMap<>();
    entries.forEach(
        (name, versions) ->
            sorted.put(
                name,
                versions.stream()
                    .sorted(Comparator.comparing(ChartIndex::version, ChartIndex::descending))
                    .toList()));
    tree.put("entries", sorted);
    tree.put("generated", OffsetDateTime.now().toString());
    return Yaml.write(tree);
  }

  /** Semantic versions, the higher first; a pre-release is lower than its release. */
  private static int descending(String a, String b) {
    String[] left = a.replaceFirst("^v", "").split("\\+", 2)[0].split("-", 2);
    String[] right = b.replaceFirst("^v", "").split("\\+", 2)[0].split("-", 2);
    int order = numbers(right[0], left[0]);
    if (order != 0 || left.length != right.length) {
      return order != 0 ? order : Integer.compare(left.length, right.length);
    }
    return left.length < 2 ? 0 : numbers(right[1], left[1]);
  }

  private static int numbers(String a, String b) {
    String[] left = a.split("\\.");
    String[] right = b.split("\\.");
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      boolean digits = left[i].matches("\\d{1,18}") && right[i].matches("\\d{1,18}");
      int order =
          digits
              ? Long.compare(Long.parseLong(left[i]), Long.parseLong(right[i]))
              : left[i].compareTo(right[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }
}
