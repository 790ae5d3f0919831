package io.kubra.addons.helm.rollback;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How to roll back.
 *
 * @param release the release's name
 * @param revision the revision to return to; 0 for the one before the current
 * @param namespace the release's namespace
 * @param kubeconfig how Helm reaches the cluster
 * @param timeout how long each wait may last
 * @param awaitReady whether to wait until all objects are ready
 * @param force whether to replace objects that cannot be patched
 * @param cleanupOnFail whether to delete what a failed rollback created
 * @param hooks whether to run the rollback hooks
 * @param dryRun whether to only check
 */
public record RollbackOptions(
    String release,
    int revision,
    String namespace,
    Path kubeconfig,
    Duration timeout,
    boolean awaitReady,
    boolean force,
    boolean cleanupOnFail,
    boolean hooks,
    boolean dryRun) {}
