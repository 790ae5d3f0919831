package io.kubra.apiserver.storage;

import io.kubra.apiserver.audit.AuditAnnotations;
import io.kubra.apiserver.auth.UserInfo;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Who writes and how.
 *
 * @param admit whether admission applies; the server's own writes do without
 * @param options CreateOptions, UpdateOptions, PatchOptions or DeleteOptions for admission
 * @param annotations takes the notes that admission makes for the audit log
 */
public record Write(
    UserInfo user,
    String fieldManager,
    boolean dryRun,
    boolean admit,
    Map<String, Object> options,
    Consumer<String> warnings,
    AuditAnnotations annotations) {

  /** A write by the server itself. */
  public static Write internal(String fieldManager) {
    return new Write(
        UserInfo.apiServer(), fieldManager, false, false, Map.of(), w -> {}, AuditAnnotations.NONE);
  }

  /** The same write without admission, which something else has passed in its place. */
  public Write admitted() {
    return new Write(user, fieldManager, dryRun, false, options, warnings, annotations);
  }

  /** The same write with other options, which may ask for a dry run. */
  public Write withOptions(Map<String, Object> other, boolean dry) {
    return new Write(user, fieldManager, dry, admit, other, warnings, annotations);
  }

  /** As a list of the values of the dryRun parameter. */
  List<String> dryRunOption() {
    return dryRun ? List.of("All") : List.of();
  }
}
