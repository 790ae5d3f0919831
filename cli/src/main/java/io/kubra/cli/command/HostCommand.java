package io.kubra.cli.command;

import io.kubra.api.json.Json;
import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.check.Finding;
import io.kubra.cli.host.check.HostChecks;
import io.kubra.cli.host.check.Level;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at this machine. */
@Command(
    name = "host",
    description = "Look at this machine.",
    mixinStandardHelpOptions = true,
    subcommands = HostCommand.Check.class)
public final class HostCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Checks whether this machine can be part of a cluster; exits with 1 if it cannot. */
  @Command(
      name = "check",
      description = "Check whether this machine can be part of a cluster.",
      mixinStandardHelpOptions = true)
  static final class Check implements Callable<Integer> {
    /** How findings are printed. */
    enum Output {
      TABLE,
      JSON
    }

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "table",
        description = "table or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.TABLE;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      HostChecks.linux(System.getProperty("os.name", ""));
      Map<String, Finding> findings = HostChecks.run(HostFiles.local());
      PrintWriter out = spec.commandLine().getOut();
      switch (output) {
        case TABLE -> table(findings, out);
        case JSON -> out.println(json(findings));
      }
      out.flush();
      return findings.values().stream().anyMatch(f -> f.level() == Level.FAILURE) ? 1 : 0;
    }

    private static void table(Map<String, Finding> findings, PrintWriter out) {
      out.printf("%-17s %-8s %s%n", "CHECK", "RESULT", "FOUND");
      findings.forEach(
          (name, finding) -> {
            out.printf("%-17s %-8s %s%n", name, finding.level().label(), finding.found());
            if (!finding.remedy().isEmpty()) {
              out.printf("%-26s -> %s%n", "", finding.remedy());
            }
          });
    }

    private static String json(Map<String, Finding> findings) {
      List<Object> checks = new ArrayList<>();
      findings.forEach(
          (name, finding) -> {
            Map<String, Object> check = new LinkedHashMap<>();
            check.put("check", name);
            check.put("result", finding.level().label());
            check.put("found", finding.found());
            check.put("remedy", finding.remedy());
            checks.add(check);
          });
      return new String(Json.write(Map.of("checks", checks)), StandardCharsets.UTF_8);
    }
  }
}
