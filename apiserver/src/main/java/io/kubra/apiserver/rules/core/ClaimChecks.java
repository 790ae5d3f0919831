package io.kubra.apiserver.rules.core;

import io.kubra.api.quantity.Quantity;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Labels;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks of what a claim asks for. */
final class ClaimChecks {
  private static final List<String> MODES =
      List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");

  private ClaimChecks() {}

  static void spec(Checks checks, FieldPath path, Map<String, Object> spec) {
    accessModes(checks, path.child("accessModes"), spec);
    Labels.selector(checks, path.child("selector"), Trees.map(spec, "selector"));
    Object storage = Trees.get(spec, "resources", "requests", "storage");
    FieldPath at = path.child("resources").key("storage");
    Quantity quantity = storage == null ? null : Quantity.tryParse(storage.toString());
    if (storage == null) {
      checks.required(at, "");
    } else if (quantity == null || quantity.signum() <= 0) {
      checks.invalid(at, storage, "must be greater than zero");
    }
    checks.oneOfOrAbsent(
        path.child("volumeMode"), Trees.string(spec, "volumeMode"), "Block", "Filesystem");
  }

  static void accessModes(Checks checks, FieldPath path, Map<String, Object> spec) {
    List<String> modes = Trees.strings(spec, "accessModes");
    if (modes.isEmpty()) {
      checks.required(path, "at least 1 access mode is required");
    }
    for (String mode : modes) {
      if (!MODES.contains(mode)) {
        checks.notSupported(path, mode, MODES.toArray(String[]::new));
      }
    }
    if (modes.contains("ReadWriteOncePod") && modes.size() > 1) {
      checks.forbidden(path, "may not use ReadWriteOncePod with other access modes");
    }
  }

  static boolean shrinks(@Nullable Object now, @Nullable Object before) {
    Quantity is = now == null ? null : Quantity.tryParse(now.toString());
    Quantity was = before == null ? null : Quantity.tryParse(before.toString());
    return is != null && was != null && is.compareTo(was) < 0;
  }
}
