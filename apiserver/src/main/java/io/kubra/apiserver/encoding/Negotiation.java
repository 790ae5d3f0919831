package io.kubra.apiserver.encoding;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.encoding.OutputFormat.Encoding;
import io.kubra.apiserver.encoding.OutputFormat.View;
import io.kubra.apiserver.request.QueryParameters;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.transport.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chooses the response's format from the Accept header. */
public final class Negotiation {
  private static final List<String> OFFERED =
      List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");

  private Negotiation() {}

  private record Clause(String type, Map<String, String> parameters, double quality) {}

  /**
   * The first acceptable format in the client's order of preference.
   *
   * @throws ApiException 406 if there is none
   */
  public static OutputFormat choose(HttpHeaders headers, QueryParameters query, boolean watch) {
    return choose(headers, query, watch, true);
  }

  /**
   * The format for objects of a resource. Custom resources have no protobuf form, but their
   * metadata alone has; clients that prefer it get what they accept beside it.
   *
   * @throws ApiException 406 if there is none
   */
  public static OutputFormat choose(RequestContext c, ServedResource resource, boolean watch) {
    return choose(c.exchange().headers(), c.query(), watch, !resource.custom());
  }

  /**
   * As {@link #choose(HttpHeaders, QueryParameters, boolean)}, for objects that have no protobuf
   * form: clients that prefer it get what they accept beside it.
   *
   * @throws ApiException 406 if there is none
   */
  public static OutputFormat chooseText(HttpHeaders headers, QueryParameters query) {
    return choose(headers, query, false, false);
  }

  private static OutputFormat choose(
      HttpHeaders headers, QueryParameters query, boolean watch, boolean protobuf) {
    String accept = headers.get("accept");
    boolean pretty = pretty(headers, query);
    if (accept == null || accept.isEmpty() || accept.equals("application/json")) {
      return pretty ? new OutputFormat(Encoding.JSON, View.OBJECT, "v1", true) : OutputFormat.JSON;
    }
    for (Clause clause : parse(accept)) {
      OutputFormat format = format(clause, pretty, watch);
      if (format != null
          && (protobuf
              || format.encoding() != Encoding.PROTOBUF
              || format.view() == View.METADATA)) {
        return format;
      }
    }
    throw ApiException.notAcceptable(protobuf ? OFFERED : OFFERED.subList(0, 2));
  }

  private static @Nullable OutputFormat format(Clause clause, boolean pretty, boolean watch) {
    Encoding encoding =
        switch (clause.type()) {
          case "application/json", "*/*", "application/*" -> Encoding.JSON;
          case "application/yaml" -> watch ? null : Encoding.YAML;
          case "application/vnd.kubernetes.protobuf" -> Encoding.PROTOBUF;
          default -> null;
        };
    if (encoding == null) {
      return null;
    }
    String as = clause.parameters().getOrDefault("as", "");
    if (as.isEmpty()) {
      return new OutputFormat(encoding, View.OBJECT, "v1", pretty && encoding == Encoding.JSON);
    }
    String version = clause.parameters().getOrDefault("v", "");
    if (!"meta.k8s.io".equals(clause.parameters().get("g"))
        || !(version.equals("v1") || version.equals("v1beta1"))) {
      return null;
    }
    View view =
        switch (as) {
          case "Table" -> encoding == Encoding.PROTOBUF ? null : View.TABLE;
          case "PartialObjectMetadata", "PartialObjectMetadataList" -> View.METADATA;
          default -> null;
        };
    return view == null
        ? null
        : new OutputFormat(encoding, view, version, pretty && encoding == Encoding.JSON);
  }

  /** {@code ?pretty}, or a person with curl or a browser. */
  private static boolean pretty(HttpHeaders headers, QueryParameters query) {
    if (query.has("pretty")) {
      return query.flag("pretty");
    }
    String agent = headers.get("user-agent");
    return agent != null
        && (agent.startsWith("curl")
            || agent.startsWith("Wget")
            || agent.startsWith("Mozilla/5.0"));
  }

  private static List<Clause> parse(String accept) {
    List<Clause> clauses = new ArrayList<>();
    for (String part : accept.split(",")) {
      String[] pieces = part.split(";");
      Map<String, String> parameters = new HashMap<>();
      double quality = 1;
      for (int i = 1; i < pieces.length; i++) {
        int equals = pieces[i].indexOf('=');
        if (equals < 0) {
          continue;
        }
        String key = pieces[i].substring(0, equals).strip().toLowerCase(Locale.ROOT);
        String value = pieces[i].substring(equals + 1).strip();
        if (key.equals("q")) {
          quality = quality(value);
        } else {
          parameters.put(key, value);
        }
      }
      clauses.add(new Clause(pieces[0].strip().toLowerCase(Locale.ROOT), parameters, quality));
    }
    // stable: what is equally good stays in the client's order
    clauses.sort(Comparator.comparingDouble((Clause c) -> c.quality).reversed());
    return clauses;
  }

  private static double quality(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 1;
    }
  }
}
