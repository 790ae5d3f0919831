package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kubeconfig in force: the flag's, those of {@code KUBECONFIG} merged, the user's own, or that
 * of the local cluster {@code kubra}. Where several files or another context make a new one, it is
 * a file of this process that {@link #close} removes.
 */
final class KubeAccess implements AutoCloseable {
  private static final List<String> FILES =
      List.of("certificate-authority", "client-certificate", "client-key", "tokenFile");

  private final @Nullable Path given;
  private final @Nullable String context;
  private @Nullable Path file;
  private @Nullable Path made;

  KubeAccess(@Nullable Path given, @Nullable String context) {
    this.given = given;
    String variable = System.getenv("HELM_KUBECONTEXT");
    this.context = context != null || variable == null || variable.isEmpty() ? context : variable;
  }

  Path file() {
    if (file == null) {
      file = find();
    }
    return file;
  }

  private Path find() {
    List<Path> sources = sources();
    if (sources.size() == 1 && context == null) {
      return sources.getFirst();
    }
    try {
      Path merged = Files.createTempFile("kubra-helm", ".kubeconfig");
      made = merged;
      Files.write(merged, Yaml.write(merge(sources)));
      return merged;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> sources() {
    if (given != null) {
      return List.of(given);
    }
    List<Path> sources = new ArrayList<>();
    String variable = System.getenv("KUBECONFIG");
    if (variable != null && !variable.isEmpty()) {
      for (String path : variable.split(File.pathSeparator, -1)) {
        if (!path.isEmpty() && Files.exists(Path.of(path))) {
          sources.add(Path.of(path));
        }
      }
      return sources.isEmpty() ? List.of(Path.of(variable)) : sources;
    }
    Path own = Path.of(System.getProperty("user.home"), ".kube", "config");
    if (Files.exists(own)) {
      return List.of(own);
    }
    return List.of(LocalClusters.find("kubra").map(LocalCluster::kubeconfig).orElse(own));
  }

  /** As kubectl merges: of entries with the same name, the first counts. */
  private Map<String, Object> merge(List<Path> sources) throws IOException {
    Map<String, Object> merged = new LinkedHashMap<>();
    merged.put("apiVersion", "v1");
    merged.put("kind", "Config");
    for (Path source : sources) {
      Map<String, Object> tree = read(source);
      String current = Trees.stringOr(tree, "", "current-context");
      if (!current.isEmpty()) {
        merged.putIfAbsent("current-context", current);
      }
      for (String list : List.of("clusters", "contexts", "users")) {
        for (Map<String, Object> entry : Trees.maps(tree, list)) {
          absolute(entry, source);
          Trees.ensureList(merged, list).add(entry);
        }
      }
    }
    if (context != null) {
      if (Trees.maps(merged, "contexts").stream()
          .noneMatch(entry -> context.equals(Trees.string(entry, "name")))) {
        throw new HelmException(
            "Kubernetes cluster unreachable: context \"" + context + "\" does not exist");
      }
      merged.put("current-context", context);
    }
    return merged;
  }

  private static void absolute(Map<String, Object> entry, Path source) {
    for (String part : List.of("cluster", "user")) {
      Map<String, Object> fields = Trees.map(entry, part);
      for (String name : FILES) {
        String path = Trees.string(fields, name);
        if (fields != null && path != null) {
          fields.put(name, source.toAbsolutePath().resolveSibling(path).toString());
        }
      }
    }
  }

  private static Map<String, Object> read(Path source) throws IOException {
    try {
      return Yaml.parseObject(Files.readAllBytes(source));
    } catch (JsonSyntaxException e) {
      throw new HelmException(
          "Kubernetes cluster unreachable: error loading config file \""
              + source
              + "\": "
              + e.getMessage());
    }
  }

  /** The namespace of the current context. */
  String namespace() {
    try {
      Map<String, Object> tree = read(file());
      String current = Trees.stringOr(tree, "", "current-context");
      for (Map<String, Object> entry : Trees.maps(tree, "contexts")) {
        if (current.equals(Trees.string(entry, "name"))) {
          return Trees.stringOr(entry, "default", "context", "namespace");
        }
      }
      return "default";
    } catch (IOException e) {
      return "default";
    }
  }

  @Override
  public void close() {
    if (made != null) {
      try {
        Files.deleteIfExists(made);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
