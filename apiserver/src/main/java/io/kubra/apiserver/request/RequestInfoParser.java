package io.kubra.apiserver.request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Derives {@link RequestInfo} from a request line, following the API's path conventions. */
public final class RequestInfoParser {
  private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

  private RequestInfoParser() {}

  /** Parses a request; never fails: what is no resource path is a non-resource request. */
  public static RequestInfo parse(String method, String rawPath, QueryParameters query) {
    List<String> segments = segments(rawPath);
    int start = rootLength(segments);
    if (start < 0) {
      return nonResource(method, rawPath);
    }
    boolean core = segments.get(0).equals("api");
    String group = core ? "" : segments.get(1);
    String version = segments.get(start - 1);
    List<String> rest = segments.subList(start, segments.size());
    String verb = verb(method);
    String namespace = "";
    if (rest.size() > 1 && (rest.get(0).equals("proxy") || rest.get(0).equals("watch"))) {
      verb = rest.get(0);
      rest = rest.subList(1, rest.size());
    }
    if (rest.getFirst().equals("namespaces")) {
      if (rest.size() > 1) {
        namespace = rest.get(1);
        if (rest.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(rest.get(2))) {
          rest = rest.subList(2, rest.size());
        }
      }
    }
    String resource = rest.get(0);
    String name = rest.size() > 1 ? rest.get(1) : "";
    String subresource = rest.size() > 2 ? rest.get(2) : "";
    verb = collectionVerb(verb, name, query);
    if (verb.equals("list") || verb.equals("watch") || verb.equals("deletecollection")) {
      name = nameInSelector(query.get("fieldSelector"), name);
    }
    return new RequestInfo(
        true, rawPath, verb, group, version, namespace, resource, subresource, name, rest);
  }

  private static RequestInfo nonResource(String method, String path) {
    return new RequestInfo(
        false, path, method.toLowerCase(java.util.Locale.ROOT), "", "", "", "", "", "", List.of());
  }

  /** The number of segments before the resource, or -1 if this is no resource path. */
  private static int rootLength(List<String> segments) {
    if (segments.isEmpty()) {
      return -1;
    }
    int length =
        switch (segments.getFirst()) {
          case "api" -> 2;
          case "apis" -> 3;
          default -> Integer.MAX_VALUE;
        };
    return segments.size() > length ? length : -1;
  }

  private static String verb(String method) {
    return switch (method) {
      case "POST" -> "create";
      case "GET", "HEAD" -> "get";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> "";
    };
  }

  private static String collectionVerb(String verb, String name, QueryParameters query) {
    boolean watch = query.flag("watch");
    return switch (verb) {
      case "get" -> name.isEmpty() ? (watch ? "watch" : "list") : verb;
      case "delete" -> name.isEmpty() ? "deletecollection" : verb;
      default -> verb;
    };
  }

  /** A list of {@code metadata.name=x} is authorised as if it named x. */
  private static String nameInSelector(String selector, String name) {
    if (selector.isEmpty() || !name.isEmpty()) {
      return name;
    }
    for (String term : selector.split(",")) {
      if (term.startsWith("metadata.name=")) {
        String value = term.substring("metadata.name=".length());
        value = value.startsWith("=") ? value.substring(1) : value;
        if (!value.isEmpty() && value.matches("[^/%]+")) {
          return value;
        }
      }
    }
    return name;
  }

  private static List<String> segments(String rawPath) {
    List<String> segments = new ArrayList<>(8);
    int from = 0;
    int length = rawPath.length();
    while (from < length) {
      int slash = rawPath.indexOf('/', from);
      int to = slash < 0 ? length : slash;
      if (to > from) {
        segments.add(decode(rawPath.substring(from, to)));
      }
      from = to + 1;
    }
    return segments;
  }

  private static String decode(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return segment;
    }
  }
}
