package io.kubra.addons.helm.rollback;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.library.HelmResult;
import io.kubra.addons.helm.release.Hook;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.release.ReleaseStore;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One rollback of a release. */
public final class Rollback {
  private static final String DEPLOYED = "deployed";
  private static final String SUPERSEDED = "superseded";

  private final ReleaseStore store;
  private final BiFunction<HelmFunction, HelmOptions, HelmResult> helm;
  private final RollbackOptions options;

  /**
   * A rollback that {@link #run} carries out.
   *
   * @param helm calls Helm's library
   */
  public Rollback(
      ReleaseStore store,
      BiFunction<HelmFunction, HelmOptions, HelmResult> helm,
      RollbackOptions options) {
    this.store = store;
    this.helm = helm;
    this.options = options;
  }

  /**
   * Rolls back and returns the new revision, or the one to return to if this is a trial.
   *
   * @throws HelmException with Helm's message if it fails
   */
  public Release run() {
    if (options.revision() < 0) {
      throw new HelmException("invalid release revision");
    }
    List<Release> history = store.history(options.release());
    if (history.isEmpty()) {
      throw new HelmException("release: not found");
    }
    Release current = history.getLast();
    int wanted = options.revision() == 0 ? current.revision() - 1 : options.revision();
    Release target =
        history.stream()
            .filter(r -> r.revision() == wanted)
            .findFirst()
            .orElseThrow(() -> new HelmException("release has no " + wanted + " version"));
    if (options.dryRun()) {
      return target;
    }
    // Upgrade merges from the last deployed revision and refuses pending ones; rollback always
    // merges from the latest.
    if (!current.status().equals(DEPLOYED)) {
      store.update(current.with(DEPLOYED, null));
    }
    HelmResult result = upgrade(target);
    @Nullable Release stored = newRevision(current.revision() + 1);
    if (stored == null) {
      if (!current.status().equals(DEPLOYED)) {
        store.update(current);
      }
      throw new HelmException(rollbackText(result.error()));
    }
    Release done = complete(stored, target, result);
    store.update(done);
    settle(history, current, result.failed());
    if (result.failed()) {
      throw new HelmException(rollbackText(result.error()));
    }
    return done;
  }

  private HelmResult upgrade(Release target) {
    try (RevisionChart chart = new RevisionChart(target, options.hooks())) {
      return helm.apply(
          HelmFunction.UPGRADE,
          new HelmOptions()
              .text("name", options.release())
              .text("namespace", options.namespace())
              .text("kubeConfig", options.kubeconfig().toString())
              .text("chart", chart.folder().toString())
              .text("description", "Rollback to " + target.revision())
              .flag("resetValues", true)
              .flag("wait", options.awaitReady())
              .flag("force", options.force())
              .flag("cleanupOnFail", options.cleanupOnFail())
              .number("timeout", (int) Math.max(1, options.timeout().toSeconds())));
    }
  }

  private @Nullable Release newRevision(int revision) {
    Release last = store.last(options.release());
    return last.revision() == revision ? last : null;
  }

  /** The stored revision with the earlier one's chart, values, objects, hooks and notes. */
  private static Release complete(Release stored, Release target, HelmResult result) {
    Map<String, Object> tree = Trees.deepCopy(stored.tree());
    for (String field : List.of("chart", "config", "manifest")) {
      Object value = target.tree().get(field);
      if (value == null) {
        tree.remove(field);
      } else {
        tree.put(field, Trees.deepCopy(value));
      }
    }
    if (target.notes().isEmpty()) {
      Trees.remove(tree, "info", "notes");
    } else {
      Trees.set(tree, target.notes(), "info", "notes");
    }
    List<Object> hooks = new ArrayList<>();
    for (Hook hook : target.hooks()) {
      Map<String, Object> copy = Trees.deepCopy(hook.tree());
      for (Hook ran : stored.hooks()) {
        Object lastRun = ran.tree().get("last_run");
        if (ran.name().equals(hook.name()) && ran.kind().equals(hook.kind()) && lastRun != null) {
          copy.put("last_run", lastRun);
        }
      }
      hooks.add(copy);
    }
    if (hooks.isEmpty()) {
      tree.remove("hooks");
    } else {
      tree.put("hooks", hooks);
    }
    Release complete = new Release(tree, target.labels());
    return result.failed()
        ? complete.with(complete.status(), rollbackText(complete.description()))
        : complete;
  }

  /** Gives the earlier revisions the states that a rollback leaves them in. */
  private void settle(List<Release> history, Release current, boolean failed) {
    for (Release earlier : history) {
      boolean latest = earlier.revision() == current.revision();
      if (failed) {
        if (latest) {
          store.update(earlier.with(SUPERSEDED, null));
        }
      } else if (earlier.status().equals(DEPLOYED)) {
        store.update(earlier.with(SUPERSEDED, null));
      } else if (latest) {
        store.update(earlier);
      }
    }
  }

  private static String rollbackText(String upgradeText) {
    return upgradeText
        .replaceFirst("^Upgrade ", "Rollback ")
        .replace("pre-upgrade hooks", "pre-rollback hooks")
        .replace("post-upgrade hooks", "post-rollback hooks");
  }
}
