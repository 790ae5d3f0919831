package io.kubra.apiserver.rules;

import java.util.List;

/**
 * Where an object keeps what its scale shows, as names of fields.
 *
 * @param selector where the selector is kept as text; empty where it is {@code spec.selector}, as
 *     an object, or not kept at all
 */
public record ScalePaths(
    List<String> replicas, List<String> statusReplicas, List<String> selector) {
  /** Where the built-in workloads keep it. */
  public static final ScalePaths WORKLOAD =
      new ScalePaths(List.of("spec", "replicas"), List.of("status", "replicas"), List.of());
}
