package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.rollback.Rollback;
import io.kubra.addons.helm.rollback.RollbackOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Returns a release to an earlier revision. */
@Command(name = "rollback", description = "roll back a release to a previous revision")
final class RollbackCommand extends HelmAction {
  @Parameters(index = "0", paramLabel = "RELEASE")
  String name = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "[REVISION]")
  String revision = "0";

  @Option(names = "--wait", description = "wait until all objects are ready")
  boolean wait;

  @Option(names = "--force", description = "replace objects that cannot be patched")
  boolean force;

  @Option(names = "--cleanup-on-fail", description = "delete what a failed rollback created")
  boolean cleanupOnFail;

  @Option(names = "--no-hooks", description = "prevent hooks from running during rollback")
  boolean noHooks;

  @Option(names = "--dry-run", description = "simulate a rollback")
  boolean dryRun;

  @Option(names = "--history-max", description = "revisions kept per release; 0 for no limit")
  int historyMax = 10;

  @Mixin TimeoutFlag timeout = new TimeoutFlag();

  @Override
  void run(HelmSession helm) {
    int wanted;
    try {
      wanted = Integer.parseInt(revision);
    } catch (NumberFormatException e) {
      throw new HelmException(
          "could not convert revision to a number: strconv.Atoi: parsing \""
              + revision
              + "\": invalid syntax");
    }
    RollbackOptions options =
        new RollbackOptions(
            name,
            wanted,
            helm.namespace(),
            helm.kubeconfig(),
            timeout.timeout,
            wait,
            force,
            cleanupOnFail,
            !noHooks,
            dryRun);
    var unused = new Rollback(helm.releases(), helm::attempt, options).run();
    helm.releases().prune(name, historyMax);
    line("Rollback was a success! Happy Helming!");
  }
}
