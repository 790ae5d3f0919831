package io.kubra.cli.helm;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One of Helm's commands. */
abstract class HelmAction implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Does the command's work; failures are thrown as HelmException. */
  abstract void run(HelmSession helm);

  @Override
  public final Integer call() {
    try (HelmSession session = new HelmSession(root(), spec.commandLine().getErr())) {
      run(session);
    } finally {
      spec.commandLine().getOut().flush();
    }
    return 0;
  }

  private HelmCommand root() {
    CommandSpec at = spec;
    while (!(at.userObject() instanceof HelmCommand)) {
      at = at.parent();
    }
    return (HelmCommand) at.userObject();
  }

  /** Prints a text as it is. */
  final void print(String text) {
    spec.commandLine().getOut().print(text);
  }

  /** Prints a line. */
  final void line(String text) {
    spec.commandLine().getOut().println(text);
  }
}
