package io.kubra.apiserver.storage;

import io.kubra.apiserver.auth.UserInfo;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Who writes and how.
 *
 * @param admit whether admission applies; the server's own writes do without
 * @param options CreateOptions, UpdateOptions, PatchOptions or DeleteOptions for admission
 */
public record Write(
    UserInfo user,
    String fieldManager,
    boolean dryRun,
    boolean admit,
    Map<String, Object> options,
    Consumer<String> warnings) {

  /** A write by the server itself. */
  public static Write internal(String fieldManager) {
    return new Write(UserInfo.apiServer(), fieldManager, false, false, Map.of(), w -> {});
  }

  /** As a list of the values of the dryRun parameter. */
  List<String> dryRunOption() {
    return dryRun ? List.of("All") : List.of();
  }
}
