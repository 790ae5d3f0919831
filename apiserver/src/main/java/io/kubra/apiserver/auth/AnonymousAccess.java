package io.kubra.apiserver.auth;

import java.util.Set;

/**
 * What may be asked without credentials; authorisation still decides about it.
 *
 * @param paths the paths; empty for all of them
 * @param below whether what lies below a path is meant too
 */
public record AnonymousAccess(boolean enabled, Set<String> paths, boolean below) {
  /** Nothing. */
  public static final AnonymousAccess NONE = new AnonymousAccess(false, Set.of(), false);

  /** Everything that authorisation allows, as upstream has it. */
  public static final AnonymousAccess ALL = new AnonymousAccess(true, Set.of(), false);

  /** Health and version, which tell nothing about the cluster. */
  public static final AnonymousAccess HARMLESS =
      new AnonymousAccess(true, Set.of("/livez", "/readyz", "/healthz", "/version"), true);

  public AnonymousAccess {
    paths = Set.copyOf(paths);
  }

  /** These paths exactly; all if there are none. */
  public static AnonymousAccess to(Set<String> paths) {
    return new AnonymousAccess(true, paths, false);
  }

  boolean allows(String path) {
    return enabled
        && (paths.isEmpty() || paths.contains(path) || (below && paths.contains(first(path))));
  }

  private static String first(String path) {
    int slash = path.indexOf('/', 1);
    return slash < 0 ? path : path.substring(0, slash);
  }
}
