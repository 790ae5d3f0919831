package io.kubra.conformance.check;

import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Named;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * What Helm 3 has installed, as it stores it: a Secret for each revision, whose value is JSON,
 * compressed and then twice in base64.
 */
public final class Releases {
  private static final String SECRETS =
      "/api/v1/secrets?labelSelector=owner%3Dhelm,status%3Ddeployed";
  // More than Helm can store in a Secret once it is compressed.
  private static final int LARGEST = 64 << 20;

  private Releases() {}

  /**
   * A release that is deployed now.
   *
   * @param chart the metadata of its chart, as in {@code Chart.yaml}
   * @param manifest the objects it consists of, as YAML documents
   */
  public record Release(String namespace, String name, Map<String, Object> chart, String manifest) {
    /** Namespace and name with a slash between. */
    public String full() {
      return namespace + "/" + name;
    }

    /** The objects it consists of. */
    public List<Map<String, Object>> objects() {
      List<Map<String, Object>> objects = new ArrayList<>();
      for (String document : manifest.split("(?m)^---.*$")) {
        if (document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#"))) {
          objects.add(Yaml.parseObject(document.getBytes(StandardCharsets.UTF_8)));
        }
      }
      return objects;
    }
  }

  /** The releases outside the platform's own namespaces. */
  public static List<Release> all(Context context) throws InterruptedException {
    List<Release> releases = new ArrayList<>();
    for (Map<String, Object> secret : context.list(SECRETS)) {
      String data = Trees.stringOr(secret, "", "data", "release");
      if (!Workload.platform(Named.namespace(secret)) && !data.isEmpty()) {
        releases.add(decode(Named.namespace(secret), Named.label(secret, "name"), data));
      }
    }
    return releases;
  }

  private static Release decode(String namespace, String name, String data) {
    try {
      byte[] compressed = Base64.getDecoder().decode(Base64.getDecoder().decode(data));
      Map<String, Object> tree;
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
        tree = Json.parseObject(in.readNBytes(LARGEST));
      }
      Map<String, Object> chart = Trees.map(tree, "chart", "metadata");
      return new Release(
          namespace, name, chart == null ? Map.of() : chart, Trees.stringOr(tree, "", "manifest"));
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          "the Helm release " + namespace + "/" + name + " cannot be read: " + e.getMessage(), e);
    }
  }
}
