package io.kubra.node.image;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image name taken apart.
 *
 * @param registry the host that serves it, {@code docker.io} if none is named
 * @param repository the path on that host
 * @param tag the tag; {@code latest} if neither tag nor digest is named
 * @param digest the digest, if named
 */
public record ImageReference(
    String registry, String repository, @Nullable String tag, @Nullable String digest) {
  private static final Pattern PATH =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
  private static final Pattern HOST =
      Pattern.compile(
          "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?");
  private static final Pattern TAG = Pattern.compile("[\\w][\\w.-]{0,127}");
  private static final Pattern DIGEST =
      Pattern.compile("[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}");

  /**
   * Reads an image name as people write it.
   *
   * @throws IllegalArgumentException if it is no image name
   */
  public static ImageReference parse(String name) {
    String rest = name;
    String digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = rest.substring(at + 1);
      rest = rest.substring(0, at);
      if (!DIGEST.matcher(digest).matches()) {
        throw invalid();
      }
    }
    String tag = null;
    int colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
      if (!TAG.matcher(tag).matches()) {
        throw invalid();
      }
    }
    String registry = "docker.io";
    int slash = rest.indexOf('/');
    if (slash > 0) {
      String first = rest.substring(0, slash);
      if (first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost")) {
        registry = first.equals("index.docker.io") ? "docker.io" : first;
        rest = rest.substring(slash + 1);
        if (!HOST.matcher(first).matches()) {
          throw invalid();
        }
      }
    }
    if (registry.equals("docker.io") && rest.indexOf('/') < 0) {
      rest = "library/" + rest;
    }
    if (!PATH.matcher(rest).matches()) {
      throw invalid();
    }
    return new ImageReference(
        registry, rest, tag == null && digest == null ? "latest" : tag, digest);
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException("invalid reference format");
  }

  /** The name with nothing left to defaults. */
  @Override
  public String toString() {
    return registry
        + "/"
        + repository
        + (tag == null ? "" : ":" + tag)
        + (digest == null ? "" : "@" + digest);
  }
}
