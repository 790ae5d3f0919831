package io.kubra.console.page;

import io.kubra.client.ApiClient;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A user looking at a page.
 *
 * @param cluster the cluster's name
 * @param user the user's name
 * @param api reads with the user's rights
 * @param segments the parts of the path, decoded
 * @param query the first value of each query parameter
 */
public record Visit(
    String cluster,
    String user,
    ApiClient api,
    String path,
    List<String> segments,
    Map<String, String> query,
    Instant now) {
  /** The parts of an encoded path, decoded. */
  public static List<String> segments(String rawPath) {
    return Arrays.stream(rawPath.split("/"))
        .filter(s -> !s.isEmpty())
        .map(s -> URLDecoder.decode(s.replace("+", "%2B"), StandardCharsets.UTF_8))
        .toList();
  }

  /** A text as one segment of a path. */
  public static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A parameter, or empty. */
  public String parameter(String name) {
    return query.getOrDefault(name, "");
  }
}
