package io.kubra.conformance.probe;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a cluster's logs are gathered, asked through the API server's proxy to its Service.
 *
 * @param kind whose query language it speaks
 * @param name namespace and name of its Service
 * @param root the path of the proxy to it
 */
record LogStore(Kind kind, String name, String root) {
  /** The stores whose queries are known, each found by its Service's port and name. */
  enum Kind {
    LOKI(3100, "loki"),
    ELASTIC(9200, "elasticsearch", "opensearch", "-es-http"),
    VICTORIA(9428, "victoria-logs", "vlogs", "vlsingle", "victorialogs");

    private final int port;
    private final List<String> words;

    Kind(int port, String... words) {
      this.port = port;
      this.words = List.of(words);
    }
  }

  /** The store did not answer a question. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /** A store of the cluster, if there is one that is known. */
  static Optional<LogStore> find(Context context) throws InterruptedException {
    for (Map<String, Object> service : context.list("/api/v1/services")) {
      String name = Named.name(service).toLowerCase(Locale.ROOT);
      for (Map<String, Object> port : Trees.maps(service, "spec", "ports")) {
        for (Kind kind : Kind.values()) {
          if (Trees.integerOr(port, 0, "port") == kind.port
              && kind.words.stream().anyMatch(name::contains)) {
            boolean tls = Trees.stringOr(port, "", "name").contains("https");
            String root =
                "/api/v1/namespaces/%s/services/%s%s:%d/proxy"
                    .formatted(
                        Named.namespace(service),
                        tls ? "https:" : "",
                        Named.name(service),
                        kind.port);
            return Optional.of(new LogStore(kind, Named.full(service), root));
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The entries that hold a word, each with its labels or fields in one text.
   *
   * @throws Refused if the store answers anything but results
   */
  List<String> entries(Kube kube, String word) {
    return switch (kind) {
      case LOKI -> loki(kube, word);
      case ELASTIC -> elastic(kube, word);
      case VICTORIA ->
          ask(kube, "/select/logsql/query?limit=100&query=" + Kube.encode("\"" + word + "\""))
              .lines()
              .filter(l -> l.startsWith("{"))
              .toList();
    };
  }

  /** Loki wants a label in each query, so the labels that it knows are tried. */
  private List<String> loki(Kube kube, String word) {
    List<String> found = new ArrayList<>();
    for (String label : Trees.strings(tree(ask(kube, "/loki/api/v1/labels")), "data")) {
      String query = "{%s=~\".+\"} |= \"%s\"".formatted(label, word);
      Map<String, Object> answer =
          tree(ask(kube, "/loki/api/v1/query_range?limit=100&query=" + Kube.encode(query)));
      for (Map<String, Object> stream : Trees.maps(answer, "data", "result")) {
        for (Object value : Trees.list(stream, "values")) {
          found.add(stream.get("stream") + " " + value);
        }
      }
      if (!found.isEmpty()) {
        break;
      }
    }
    return found;
  }

  private List<String> elastic(Kube kube, String word) {
    String query = "/_search?size=100&q=" + Kube.encode("\"" + word + "\"");
    return Trees.maps(tree(ask(kube, query)), "hits", "hits").stream()
        .map(h -> String.valueOf(h.get("_source")))
        .toList();
  }

  private String ask(Kube kube, String query) {
    Kube.Answer answer = kube.ask("GET", root + query, Map.of(), null);
    if (answer.status() != 200) {
      throw new Refused(name + " answered " + answer.status() + ": " + answer.message());
    }
    return answer.body();
  }

  private static Map<String, Object> tree(String body) {
    return Json.parseObject(body.getBytes(StandardCharsets.UTF_8));
  }
}
